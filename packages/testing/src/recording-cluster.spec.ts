import type { Secret } from '@mlterra/core';
import {
  defineEnvironment,
  isKubernetes,
  localState,
  text,
  valueParts,
  type ProfileName,
} from '@mlterra/core';
import { RecordingCluster } from './recording-cluster';
import { RecordingDnsZone } from './recording-dns-zone';
import { RecordingGateway } from './recording-gateway';
import { RecordingSecretStore } from './recording-secret-store';
import { resourcesOf } from './resources';
import { synthEnvironment, synthStack, type StackJson } from './synth';

const chart = { repository: 'https://charts.example.org', name: 'redis', version: '1.2.3' };

const inputs = (stack: StackJson): unknown[] =>
  Object.values(resourcesOf(stack, 'terraform_data')).map(({ input }) => input);

function synth(
  build: (cluster: RecordingCluster, stack: Parameters<Parameters<typeof synthStack>[0]>[0]) => void,
  profile: ProfileName = 'development',
): unknown[] {
  return inputs(synthStack((stack) => build(new RecordingCluster(stack), stack), { profile }));
}

it('shows the charts, objects and Secrets of a tool', () => {
  const recorded = synth((cluster, stack) => {
    expect(isKubernetes(cluster)).toBe(true);
    expect(cluster.namespaceOf(stack)).toBe('dev-main');
    const password = cluster.generateSecret(stack, 'Password');
    const secret = cluster.addSecret(stack, 'Auth', { data: { password: text`pre-${password}` } });
    expect(secret).toEqual({ namespace: 'dev-main', name: 'auth' });
    cluster.addChart(stack, 'Chart', {
      chart,
      values: { auth: { existingSecret: secret.name }, replicas: 2, note: '${HOME}', none: undefined },
      podSecurity: 'baseline',
    });
    cluster.addObjects(stack, 'Objects', [
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'notes' }, content: { data: { a: 'b' } } },
      {
        apiVersion: 'example.org/v1',
        kind: 'Class',
        metadata: { name: 'all' },
        clusterScoped: true,
        content: { spec: { list: [1, true, null] } },
      },
    ]);
  });
  expect(recorded).toEqual([
    {
      secret: {
        namespace: 'dev-main',
        name: 'auth',
        type: 'Opaque',
        data: { password: 'pre-<secret secrets/dev-main/Password>' },
      },
    },
    {
      chart: {
        namespace: 'dev-main',
        ...chart,
        releaseName: 'redis',
        values: { auth: { existingSecret: 'auth' }, replicas: 2, note: '$${HOME}' },
        podSecurity: 'baseline',
        ports: [],
        skipCrds: false,
      },
    },
    {
      objects: [
        {
          apiVersion: 'v1',
          kind: 'ConfigMap',
          metadata: { namespace: 'dev-main', name: 'notes' },
          data: { a: 'b' },
        },
        {
          apiVersion: 'example.org/v1',
          kind: 'Class',
          metadata: { name: 'all' },
          spec: { list: [1, true, null] },
        },
      ],
    },
  ]);
});

it('shows what a program may connect to where policies are strict', () => {
  const build: Parameters<typeof synth>[0] = (cluster, stack) => {
    const image = 'example.org/app:1.0';
    const { endpoints } = cluster.run(stack, 'App', {
      containers: { web: { image, command: [], ports: { http: { port: 8000, protocol: 'http' } } } },
    });
    const { peers } = endpoints['web.http']!;
    cluster.runTask(stack, 'Setup', { image, command: ['setup'], connectsTo: peers });
  };
  const labels = { 'app.kubernetes.io/name': 'app' };
  expect(synth(build, 'production')).toEqual([
    expect.objectContaining({ egress: [] }),
    {
      namespace: 'dev-main',
      task: { name: 'setup', image: 'example.org/app:1.0', command: ['setup'] },
      egress: [{ kind: 'pods', namespace: 'dev-main', labels, port: 8000, service: 'app' }],
    },
  ]);
  expect(synth(build)).not.toContainEqual(expect.objectContaining({ egress: expect.anything() }));
});

it('refuses a secret in the values of a chart and in an object', () => {
  const secretAt =
    (content: (secret: Secret) => Parameters<RecordingCluster['addObjects']>[2][0]['content']) => () =>
      synth((cluster, stack) => {
        cluster.addObjects(stack, 'Objects', [
          {
            apiVersion: 'v1',
            kind: 'ConfigMap',
            metadata: { name: 'notes' },
            content: content(cluster.generateSecret(stack, 'Password')),
          },
        ]);
      });
  expect(secretAt((secret) => ({ data: { list: [text`a${secret}`] } }))).toThrow(
    'dev-main/Objects: ConfigMap "notes" would hold a secret, at "data.list.0", in the open.',
  );
  expect(() =>
    synth((cluster, stack) =>
      cluster.addChart(stack, 'Chart', {
        chart,
        values: { password: cluster.generateSecret(stack, 'Password') },
      }),
    ),
  ).toThrow('the values of the chart "redis" would hold a secret, at "password"');
});

it('shows who may use the API, and what pods of an operator connect to', () => {
  const recorded = synth((cluster, stack) => {
    const identity = cluster.addIdentity(stack, 'Watcher');
    const rules = [{ apiGroups: [''], resources: ['pods'], verbs: ['list'] }];
    expect(cluster.grantApi(identity, rules)).toEqual([{ kind: 'api-server' }]);
    cluster.run(stack, 'App', {
      identity,
      containers: { web: { image: 'example.org/app:1.0', command: [] } },
    });
    cluster.addPodPolicy(stack, 'Pods', { labels: { app: 'made' }, connectsTo: [{ kind: 'api-server' }] });
    expect(cluster.stageLabels(stack)).toEqual({
      'mlterra.dev/environment': 'demo',
      'mlterra.dev/stage': 'dev',
    });
    expect(cluster.publishedPort()).toBeUndefined();
  }, 'production');
  expect(recorded).toEqual([
    expect.objectContaining({ platform: { kind: 'kubernetes', replicas: 1, usesApi: true } }),
    { podPolicy: { namespace: 'dev-main', labels: { app: 'made' } }, egress: [{ kind: 'api-server' }] },
    {
      api: {
        serviceAccount: 'watcher',
        rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['list'] }],
      },
    },
  ]);
});

it('refuses a chart whose version is a range', () => {
  expect(() =>
    synth((cluster, stack) => cluster.addChart(stack, 'Chart', { chart: { ...chart, version: '~1.2' } })),
  ).toThrow('"redis"');
});

it('can be reached from another stack of its stage', () => {
  const environment = defineEnvironment({
    name: 'demo',
    backend: localState(),
    stages: { dev: { profile: 'development', settings: undefined } },
    build(stage) {
      const cluster = new RecordingCluster(stage.stack('cluster'));
      if (!('kubeconfig' in cluster.access)) throw new Error('no kubeconfig');
      expect(cluster.access.context.at(stage.stack('tool'))).toMatch(/^\$\{TfToken/);
    },
  });
  expect(synthEnvironment(environment)['dev/cluster']!.output).toEqual({
    RecordingCluster_context: { value: 'recording' },
  });
});

it('has a gateway, a store of secrets and a zone beside it', () => {
  const gateway = new RecordingGateway();
  const store = new RecordingSecretStore();
  const zone = new RecordingDnsZone('notes.example.org');
  const recorded = synth((cluster, stack) => {
    const { endpoints } = cluster.run(stack, 'App', {
      containers: {
        web: { image: 'example.org/app:1.0', command: [], ports: { http: { port: 8000, protocol: 'http' } } },
      },
    });
    const endpoint = endpoints['web.http']!;
    const { url } = gateway.addRoute(stack, 'Route', { hostname: 'notes.example.org', endpoint });
    expect(valueParts(url).join('')).toBe('https://notes.example.org');
    const identity = cluster.addIdentity(stack, 'Reader');
    expect(store.grantRead(identity).provider).toEqual({
      recording: { server: 'https://secrets.example.org', serviceAccountRef: { name: 'reader' } },
    });
    expect(zone.grantChallenges(identity).dns01).toEqual({ recording: { zone: 'notes.example.org' } });
  });
  expect(recorded).toContainEqual({
    route: { stack: 'demo/dev/main', hostname: 'notes.example.org', pathPrefix: '/', backend: 'app:8000' },
  });
  expect(gateway.hostHeaders('notes.example.org')).toEqual(['notes.example.org']);
  expect([store.readers, zone.writers].map((all) => all.map(({ name }) => name))).toEqual([
    ['reader'],
    ['reader'],
  ]);
});
