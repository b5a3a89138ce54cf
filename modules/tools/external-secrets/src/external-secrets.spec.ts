import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chartMirror, helmBinary, isChartMirrorMade, isHelmBuilt } from '@mlterra/testbed';
import { parseAllDocuments } from 'yaml';
import { chartValues, grantees, ofKind, policies, synthExample, type ExampleProps } from './testing/example';

const withCharts =
  (isHelmBuilt() && isChartMirrorMade()) || process.env.MLTERRA_TEST_FULL ? describe : describe.skip;
/** The newest whose source can be had without a registry; the names of the values set here are the same in 2.x. */
const CHART = 'external-secrets-1.3.2.tgz';

const operatorValues = (props: ExampleProps = {}) =>
  chartValues(synthExample(props)['dev/external-secrets']!);

describe('ExternalSecrets', () => {
  it('makes the operator in a stack; a store and a secret in a later one', () => {
    const { 'dev/external-secrets': operator, 'dev/tool': tool } = synthExample({ asks: ['password'] });
    expect({ operator, tool }).toMatchSnapshot();
  });

  it('has no stores that all namespaces may read', () => {
    expect(operatorValues()).toMatchObject({
      crds: {
        createClusterSecretStore: false,
        createClusterExternalSecret: false,
        createClusterPushSecret: false,
      },
      processClusterStore: false,
      processClusterExternalSecret: false,
      processClusterPushSecret: false,
    });
  });

  it('in production runs twice with one leader, and keeps the definitions of kinds', () => {
    const { replicaCount, leaderElect, webhook, certController, crds } = operatorValues({
      profile: 'production',
    });
    expect([replicaCount, webhook.replicaCount, certController.replicaCount, leaderElect]).toEqual([
      2,
      2,
      2,
      true,
    ]);
    expect(crds.annotations).toEqual({ 'helm.sh/resource-policy': 'keep' });
    const development = operatorValues();
    expect([development.replicaCount, development.leaderElect, development.crds.annotations]).toEqual([
      1,
      false,
      undefined,
    ]);
    expect(operatorValues({ operator: { keepDefinitions: true } }).crds.annotations).toBeDefined();
  });

  it('is reached by the API server, and where policies are strict reaches it and the stores alone', () => {
    const operator = synthExample({ profile: 'production', operator: { connectsTo: [] } })[
      'dev/external-secrets'
    ]!;
    const [ingress, egress] = policies(operator);
    expect(ingress.spec).toMatchObject({
      podSelector: { matchLabels: { 'app.kubernetes.io/name': 'external-secrets-webhook' } },
      ingress: [{ ports: [{ port: 10_250 }] }],
    });
    const ports = egress.spec.egress.flatMap((rule: { ports: { port: number }[] }) =>
      rule.ports.map(({ port }) => port),
    );
    expect([...new Set(ports)]).toEqual([53, 443, 6443, 8443]);
  });

  it('lays values of the user over its own', () => {
    expect(
      operatorValues({ operator: { values: { webhook: { port: 9443 }, concurrent: 4 } } }),
    ).toMatchObject({
      concurrent: 4,
      webhook: { port: 9443, replicaCount: 1 },
    });
  });
});

describe('ExternalSecret', () => {
  it('is asked for as an identity of its own stack', () => {
    grantees.length = 0;
    const tool = synthExample()['dev/tool']!;
    expect(grantees).toEqual(['dev-tool/store-identity store-identity']);
    expect(ofKind(tool, 'SecretStore').spec.provider.gcpsm.auth.workloadIdentity.serviceAccountRef.name).toBe(
      ofKind(tool, 'ServiceAccount', 'store-identity').metadata.name,
    );
  });

  it('says which values it wants, and how often', () => {
    const keys = {
      password: 'demo-dev-login',
      user: { name: 'demo-dev-login', property: 'user', version: '3' },
    };
    const { spec } = ofKind(
      synthExample({ secret: { keys, refreshMinutes: 5 } })['dev/tool']!,
      'ExternalSecret',
    );
    expect(spec).toEqual({
      refreshInterval: '5m',
      secretStoreRef: { kind: 'SecretStore', name: 'store' },
      target: { name: 'login', creationPolicy: 'Owner' },
      data: [
        { secretKey: 'password', remoteRef: { key: 'demo-dev-login' } },
        { secretKey: 'user', remoteRef: { key: 'demo-dev-login', property: 'user', version: '3' } },
      ],
    });
  });

  it('is in pods of its stack by variables', () => {
    const { env } = ofKind(synthExample({ asks: ['password'] })['dev/tool']!, 'Deployment').spec.template.spec
      .containers[0];
    expect(env[1]).toEqual({
      name: 'password',
      valueFrom: { secretKeyRef: { name: 'login', key: 'password' } },
    });
  });

  it.each<[string, ExampleProps, string]>([
    ['a value it does not have', { asks: ['user'] }, 'dev-tool/login: it has no value "user".'],
    ['no values', { secret: { keys: {} } }, 'dev-tool/login: no value is asked for.'],
    ['a key that is none', { secret: { keys: { 'a b': 'x' } } }, '"a b" cannot be a key of a Secret.'],
    ['half a minute', { secret: { refreshMinutes: 0.5 } }, 'it cannot be read every 0.5 minutes.'],
  ])('is refused with %s', (_, props, message) => {
    expect(() => synthExample(props)).toThrow(message);
  });
});

withCharts('the chart with our values', () => {
  let folder: string;
  beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'mlterra-external-secrets-'))));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const template = async (values: object) => {
    const file = join(folder, 'values.json');
    writeFileSync(file, JSON.stringify(values));
    const { status, stdout, stderr } = spawnSync(
      await helmBinary(),
      [
        'template',
        'external-secrets',
        join(await chartMirror(), CHART),
        '--values',
        file,
        '--namespace',
        'dev',
      ],
      { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 },
    );
    return { status, stderr, stdout };
  };

  it('is what its schema allows, and brings restricted pods of the sizes and names that we say', async () => {
    const { status, stderr, stdout } = await template(operatorValues({ profile: 'production' }));
    expect([status, stderr]).toEqual([0, '']);
    const objects = parseAllDocuments(stdout)
      .map((document) => document.toJS())
      .filter((object) => object !== null);
    const deployments = objects.filter(({ kind }) => kind === 'Deployment');
    expect(
      deployments.map(({ metadata, spec }) => [
        metadata.name,
        spec.replicas,
        spec.template.metadata.labels['app.kubernetes.io/name'],
        spec.template.spec.containers[0].resources.limits.memory,
        spec.template.spec.containers[0].securityContext,
      ]),
    ).toMatchSnapshot();
    const webhook = deployments.find(({ metadata }) => metadata.name === 'external-secrets-webhook');
    expect(webhook.spec.template.spec.containers[0].args).toContain('--port=10250');
    const definitions = objects.filter(({ kind }) => kind === 'CustomResourceDefinition');
    const names = definitions.map(({ metadata }) => metadata.name);
    expect(names).toEqual(
      expect.arrayContaining(['externalsecrets.external-secrets.io', 'secretstores.external-secrets.io']),
    );
    expect(names).not.toContain('clustersecretstores.external-secrets.io');
    const { spec } = definitions.find(
      ({ metadata: each }) => each.name === 'externalsecrets.external-secrets.io',
    );
    expect(spec.versions.map(({ name }: { name: string }) => name)).toContain('v1');
  });

  it('is not what its schema allows where a value has another type', async () => {
    const { status, stderr } = await template({ ...operatorValues(), leaderElect: 'yes' });
    expect([status, stderr]).toEqual([
      1,
      expect.stringMatching(/leaderElect.*(got string, want boolean|Expected: boolean)/s),
    ]);
  });
});
