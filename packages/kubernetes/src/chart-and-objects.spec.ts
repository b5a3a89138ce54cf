import {
  exportOutputs,
  Stack,
  text,
  type ChartProps,
  type KubernetesCluster,
  type Secret,
} from '@mlterra/core';
import { resourcesOf, synthEnvironment, type StackJson } from '@mlterra/testing';
import { applyRelease, resolveChart } from './testing/applied';
import { exampleEnvironment } from './testing/example';
import { objects } from './testing/objects';
import { randomTexts } from './testing/random-texts';

const REDIS = {
  repository: 'https://charts.example.org',
  name: 'redis',
  version: '1.2.3',
};

function build(use: (stack: Stack, cluster: KubernetesCluster) => void, profile?: 'production'): StackJson {
  return synthEnvironment(exampleEnvironment(use, profile))['dev/tool']!;
}

function install(props: Partial<ChartProps> = {}, profile?: 'production'): StackJson {
  return build((stack, cluster) => cluster.addChart(stack, 'Redis', { chart: REDIS, ...props }), profile);
}

describe('addChart', () => {
  it('is a release of its own in the namespace of the stack, after all else of it', () => {
    const { kubernetes, ...charts } = resourcesOf(install(), 'helm_release');
    const [[, release]] = Object.entries(charts) as [[string, Record<string, unknown>]];
    expect(kubernetes).toMatchObject({ name: 'dev-tool', namespace: 'default' });
    expect(release).toMatchObject({
      name: 'redis',
      namespace: 'dev-tool',
      chart: 'redis',
      repository: 'https://charts.example.org',
      version: '1.2.3',
      atomic: true,
      cleanup_on_fail: true,
      wait: true,
      timeout: 900,
      depends_on: ['helm_release.kubernetes'],
    });
  });

  it('lets every value arrive as it was given: texts, numbers, nothing at all, and keys', () => {
    const texts = randomTexts(60);
    const values = {
      texts,
      keys: Object.fromEntries(texts.map((key, index) => [key, index])),
      numbers: [0, -1, 1.5, 8080],
      switches: { on: true, off: false },
      nothing: null,
      left: undefined,
      empty: { map: {}, list: [] },
      deep: [{ a: [{ 'b.c/d': 'e' }] }],
    };
    const { left, ...arriving } = values;
    expect(left).toBeUndefined();
    expect(resolveChart(install({ values })).values).toEqual(arriving);
  });

  it('resolves outputs of other stacks in its values, and writes no reference of its own', () => {
    const environment = exampleEnvironment((stack, cluster) => {
      const other = Stack.ofConstruct(stack.node.root.node.findChild('dev-cluster'));
      const { host } = exportOutputs(other, { host: 'redis.example.org' });
      cluster.addChart(stack, 'Redis', { chart: REDIS, values: { url: text`redis://${host}:6379`, host } });
    });
    const stack = synthEnvironment(environment)['dev/tool']!;
    const locals = JSON.stringify((stack as unknown as { locals: object }).locals);
    expect(locals).toContain('redis://${data.terraform_remote_state.upstream_dev_cluster.outputs.host}:6379');
  });

  it('keeps an output of another stack a number, a list or an object where it is read as one', () => {
    const environment = exampleEnvironment((stack, cluster) => {
      const other = Stack.ofConstruct(stack.node.root.node.findChild('dev-cluster'));
      const { port, zones, server } = exportOutputs(other, { port: 6379, zones: ['a'], server: { port: 1 } });
      const values = { text: port, port: port.number, zones: zones.list, server: server.object };
      cluster.addChart(stack, 'Redis', { chart: REDIS, values });
    });
    const { locals } = synthEnvironment(environment)['dev/tool']! as unknown as { locals: object };
    const from = 'data.terraform_remote_state.upstream_dev_cluster.outputs';
    expect(Object.values(locals)).toContainEqual({
      text: `\${${from}.port}`,
      port: `\${tonumber(${from}.port)}`,
      zones: `\${${from}.zones}`,
      server: `\${${from}.server}`,
    });
  });

  it('has the number itself where it is of the own stack', () => {
    const values = resolveChart(
      build((stack, cluster) => {
        const { port } = exportOutputs(stack, { port: 6379 });
        cluster.addChart(stack, 'Redis', {
          chart: REDIS,
          values: { port: port.number, ports: [port.number] },
        });
      }),
    ).values;
    expect(values).toEqual({ port: 6379, ports: [6379] });
  });

  it('refuses a secret in its values, and says where', () => {
    expect(() =>
      build((stack, cluster) => {
        const password = cluster.generateSecret(stack, 'Password');
        const values = { auth: { enabled: true, urls: ['redis://x', text`redis://:${password}@y`] } };
        cluster.addChart(stack, 'Redis', { chart: REDIS, values });
      }),
    ).toThrow(
      'dev-tool/Redis: the values of the chart "redis" would hold a secret, at "auth.urls.1", in the open.',
    );
  });

  it('stands beside others in one stack, unless their releases have one name', () => {
    const two = (releaseName?: string): StackJson =>
      build((stack, cluster) => {
        cluster.addChart(stack, 'One', { chart: REDIS, values: { name: 'one' } });
        cluster.addChart(stack, 'Two', { chart: REDIS, values: { name: 'two' }, releaseName });
      });
    const releases = Object.values(resourcesOf(two('second'), 'helm_release'));
    expect(releases.map(({ name }) => name).sort()).toEqual(['dev-tool', 'redis', 'second']);
    expect(resolveChart(two('second'), 'second').values).toEqual({ name: 'two' });
    expect(() => two()).toThrow('dev-tool/Two: the stack already has a chart whose release is "redis".');
  });

  it.each([
    [[], 'restricted'],
    [['baseline'], 'baseline'],
    [['baseline', 'restricted'], 'baseline'],
    [['restricted', 'privileged', 'baseline'], 'privileged'],
  ] as const)('lets the namespace admit what the loosest of %j needs: %s', (levels, expected) => {
    const stack = build((scope, cluster) => {
      cluster.addSecret(scope, 'Login', { data: { user: 'demo' } });
      levels.forEach((podSecurity, index) => {
        const chart = { ...REDIS, name: `chart-${index}` };
        cluster.addChart(scope, `Chart${index}`, { chart, podSecurity });
      });
    });
    expect(objects(stack, 'Namespace')[0]!.metadata).toMatchObject({
      labels: {
        'pod-security.kubernetes.io/enforce': expected,
        'pod-security.kubernetes.io/warn': expected,
      },
    });
  });

  it('keeps the namespace with whatever volumes it makes, which one of objects alone is not', () => {
    const kept = (fill: (stack: Stack, cluster: KubernetesCluster) => void): unknown =>
      objects(build(fill), 'Namespace')[0]!.metadata.annotations;
    expect(kept((stack, cluster) => cluster.addChart(stack, 'Redis', { chart: REDIS }))).toEqual({
      'helm.sh/resource-policy': 'keep',
    });
    expect(kept((stack, cluster) => void cluster.addIdentity(stack, 'Robot'))).toBeUndefined();
  });

  it('is taken from the mirror where there is one', () => {
    process.env.MLTERRA_CHART_MIRROR = 'oci://mirror.example.org/charts';
    try {
      expect(resolveChart(install())).toMatchObject({
        chart: 'redis',
        repository: 'oci://mirror.example.org/charts',
        version: '1.2.3',
      });
      process.env.MLTERRA_CHART_MIRROR = '/srv/charts';
      const { chart, repository } = resolveChart(install());
      expect([chart, repository]).toEqual(['/srv/charts/redis-1.2.3.tgz', undefined]);
    } finally {
      delete process.env.MLTERRA_CHART_MIRROR;
    }
  });
});

describe('addObjects', () => {
  const certificate = (name: string, more: object = {}) => ({
    apiVersion: 'cert-manager.io/v1',
    kind: 'Certificate',
    metadata: { name, ...more },
    content: { spec: { secretName: name, dnsNames: ['${HOME}.example.org', '%{ if }'] } },
  });

  it('puts objects into the release of the stack, with its labels, and in its namespace', () => {
    const stack = build((scope, cluster) => {
      cluster.addObjects(scope, 'Tls', [
        certificate('web', { labels: { team: 'ml' }, annotations: { note: '{{ .Values }}' } }),
        { ...certificate('other'), metadata: { name: 'web', namespace: 'elsewhere' } },
        {
          apiVersion: 'cert-manager.io/v1',
          kind: 'ClusterIssuer',
          metadata: { name: 'staging' },
          clusterScoped: true,
          content: { spec: { acme: { email: 'ops@example.org' } } },
        },
      ]);
    });
    const { objects: all } = JSON.parse(applyRelease(stack).values[0]!) as { objects: unknown[] };
    const labels = {
      'mlterra.dev/environment': 'demo',
      'mlterra.dev/stage': 'dev',
      'mlterra.dev/stack': 'tool',
    };
    expect(all.slice(2)).toEqual([
      {
        apiVersion: 'cert-manager.io/v1',
        kind: 'Certificate',
        metadata: {
          name: 'web',
          namespace: 'dev-tool',
          labels: { ...labels, team: 'ml' },
          annotations: { note: '{{ .Values }}' },
        },
        spec: { secretName: 'web', dnsNames: ['${HOME}.example.org', '%{ if }'] },
      },
      expect.objectContaining({ metadata: { name: 'web', namespace: 'elsewhere', labels } }),
      {
        apiVersion: 'cert-manager.io/v1',
        kind: 'ClusterIssuer',
        metadata: { name: 'staging', labels },
        spec: { acme: { email: 'ops@example.org' } },
      },
    ]);
  });

  it('refuses a secret in an object, and says where', () => {
    expect(() =>
      build((stack, cluster) => {
        const token = cluster.generateSecret(stack, 'Token');
        const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'web' } };
        cluster.addObjects(stack, 'Web', [{ ...object, content: { data: { token } } }]);
      }),
    ).toThrow('dev-tool/Web: ConfigMap "web" would hold a secret, at "data.token", in the open.');
  });

  it('refuses two objects of one kind and name, in other versions of their API too, and Secrets among them', () => {
    const twice = (first: object, second: object) =>
      build((stack, cluster) => {
        cluster.addObjects(stack, 'One', [{ ...certificate('web'), ...first }]);
        cluster.addObjects(stack, 'Two', [{ ...certificate('web'), ...second }]);
      });
    expect(() => twice({}, {})).toThrow('dev-tool/Two: the stack already has a Certificate named "web".');
    expect(() => twice({}, { apiVersion: 'cert-manager.io/v1beta1' })).toThrow(
      'already has a Certificate named "web"',
    );
    expect(() => twice({}, { apiVersion: 'networking.example.org/v1' })).not.toThrow();
    expect(() =>
      build((stack, cluster) => {
        cluster.addSecret(stack, 'Web', { data: { user: 'demo' } });
        cluster.addObjects(stack, 'Two', [{ ...certificate('web'), apiVersion: 'v1', kind: 'Secret' }]);
      }),
    ).toThrow('dev-tool/Two: the stack already has a Secret named "web".');
    const policy = { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy' };
    expect(() => twice(policy, { ...policy, metadata: { name: 'default-deny' } })).toThrow(
      'dev-tool/Two: the stack already has a NetworkPolicy named "default-deny".',
    );
  });

  it('refuses two objects of one name in all stacks of a cluster, where their kind has no namespaces', () => {
    const issuer = { ...certificate('public'), kind: 'ClusterIssuer', clusterScoped: true };
    expect(() =>
      build((stack, cluster) => {
        cluster.addObjects(stack, 'One', [issuer]);
        const other = Stack.ofConstruct(stack.node.root.node.findChild('dev-cluster'));
        cluster.addObjects(other, 'Two', [issuer]);
      }),
    ).toThrow('dev-cluster/Two: the cluster already has a ClusterIssuer named "public", of dev-tool/One.');
  });
});

describe('addSecret', () => {
  it('hands texts over in the open for nobody, under the names, types and labels that operators look for', () => {
    let made: unknown;
    const stack = build((scope, cluster) => {
      const password: Secret = cluster.generateSecret(scope, 'Password');
      made = cluster.addSecret(scope, 'Login', {
        name: 'redis.login',
        type: 'kubernetes.io/basic-auth',
        labels: { 'cnpg.io/reload': 'true' },
        data: { username: 'a,b', password: text`x-${password}`, 'tls.crt': '${HOME}' },
      });
    });
    expect(made).toEqual({ namespace: 'dev-tool', name: 'redis.login' });
    const applied = applyRelease(stack, 'hush,hush');
    expect(applied.values[0]).not.toContain('hush');
    expect(JSON.parse(applied.values[0]!)).toMatchObject({
      secretKinds: {
        'redis.login': { type: 'kubernetes.io/basic-auth', labels: { 'cnpg.io/reload': 'true' } },
      },
    });
    expect(applied.set_sensitive).toContainEqual({
      name: 'secrets.redis\\.login.tls\\.crt',
      type: 'string',
      value: '$\\{HOME}',
    });
    expect(applied.set_sensitive).toContainEqual({
      name: 'secrets.redis\\.login.password',
      type: 'string',
      value: 'x-hush\\,hush',
    });
  });

  it('is named like its construct, and refuses keys that Kubernetes would', () => {
    let name = '';
    build((stack, cluster) => ({ name } = cluster.addSecret(stack, 'AdminLogin', { data: {} })));
    expect(name).toBe('admin-login');
    expect(() =>
      build((stack, cluster) => cluster.addSecret(stack, 'Login', { data: { 'a b': '' } })),
    ).toThrow('dev-tool/Login: "a b" cannot be a key of the Secret "login".');
  });
});

describe('namespaceOf', () => {
  it('makes nothing', () => {
    let namespace = '';
    const stack = build((scope, cluster) => (namespace = cluster.namespaceOf(scope)));
    expect(namespace).toBe('dev-tool');
    expect(stack.resource).toBeUndefined();
  });
});
