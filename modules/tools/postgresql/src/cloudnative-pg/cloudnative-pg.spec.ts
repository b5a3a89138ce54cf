import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import {
  defineEnvironment,
  exportOutputs,
  localState,
  Secret,
  text,
  type ObjectStore,
  type Peer,
  type ProfileName,
  type Stack,
} from '@mlterra/core';
import { KubernetesRenderer } from '@mlterra/kubernetes';
import { chartMirror, isChartMirrorMade } from '@mlterra/testbed';
import { synthEnvironment, type StackJson } from '@mlterra/testing';
import Ajv from 'ajv';
import { Construct } from 'constructs';
import { parse } from 'yaml';
import { CloudNativePgCluster, type CloudNativePgClusterProps } from './cluster';
import { CloudNativePgOperator } from './operator';

type Props = Omit<CloudNativePgClusterProps, 'operator'>;
type Build = (stores: Record<'s3' | 'other' | 'gs' | 'folder', ObjectStore>) => Props;

const grantees: unknown[] = [];

function stores(stack: Stack): Parameters<Build>[0] {
  const server = (id: string): ObjectStore => {
    const part = new Construct(stack, id);
    const { bucket, reference } = exportOutputs(part, { bucket: id, reference: 'vault/key' });
    const { value } = exportOutputs(new Construct(part, 'Key'), { value: 'made-up' }, { sensitive: true });
    const s3 = {
      endpoint: text`http://objects.example.org:7070`,
      region: 'us-east-1',
      bucket,
      accessKeyId: bucket,
      secretAccessKey: new Secret(reference, value),
    };
    const peers: Peer[] = [{ kind: 'addresses', cidrs: ['192.0.2.7/32'], port: 7070 }];
    return { grantReadWrite: () => ({ uri: text`s3://${bucket}`, variables: {}, s3, peers }) };
  };
  const bucket = (uri: string): ObjectStore => ({
    grantReadWrite(grantee) {
      grantees.push(grantee.principal?.member);
      return { uri, variables: {}, peers: [] };
    },
  });
  return {
    s3: server('backups'),
    other: server('other'),
    gs: bucket('gs://backups'),
    folder: bucket('file:///backups'),
  };
}

interface SynthProps {
  readonly profile?: ProfileName;
  readonly plugin?: boolean;
}

function synth(build: Build = () => ({}), { profile = 'development', plugin = true }: SynthProps = {}) {
  const environment = defineEnvironment({
    name: 'demo',
    backend: localState(),
    stages: { dev: { profile, settings: undefined } },
    build(stage) {
      const access = accessOf(stage.stack('cluster'));
      const platform = new KubernetesRenderer({
        access,
        memberOf: (namespace, name) => ({ cloud: 'sky', member: `${namespace}/${name}` }),
      });
      const operator = new CloudNativePgOperator(stage.stack('operator'), 'cloudnative-pg', { platform });
      const certManager = new Construct(stage.stack('cert-manager'), 'cert-manager');
      if (plugin) operator.addBarmanPlugin({ certManager });
      const stack = stage.stack('postgresql');
      const server = new CloudNativePgCluster(stack, 'postgresql', {
        operator,
        ...build(stores(stage.stack('stores'))),
      });
      server.addDatabase(new Construct(stage.stack('notes'), 'notes'), 'Database', { name: 'notes' });
    },
  });
  return synthEnvironment(environment);
}

function accessOf(stack: Stack) {
  const outputs = exportOutputs(stack, { endpoint: 'https://192.0.2.1', caCertificate: 'Y2E=' });
  return { ...outputs, exec: { command: 'token', args: [] } };
}

type Json = ReturnType<typeof JSON.parse>;

const locals = (stack: StackJson): Json => (stack as unknown as { locals: Json }).locals;
const objectsOf = (stack: StackJson): Json[] => locals(stack).kubernetes_values.objects;
const find = (stack: StackJson, kind: string, name?: string): Json =>
  objectsOf(stack).find(
    (object) => object.kind === kind && (name ?? object.metadata.name) === object.metadata.name,
  );
const server = (build?: Build, props?: SynthProps): StackJson => synth(build, props)['dev/postgresql']!;
const specOf = (build?: Build, props?: SynthProps): Json => find(server(build, props), 'Cluster').spec;

describe('CloudNativePgCluster', () => {
  it('is a resource of the operator, with a login and policies', () => {
    const {
      'dev/operator': operator,
      'dev/postgresql': postgresql,
      'dev/notes': notes,
    } = synth(({ s3 }) => ({
      backups: { store: s3 },
    }));
    expect({ operator, postgresql }).toMatchSnapshot();
    const [job] = objectsOf(notes!).filter(({ kind }) => kind === 'Job');
    const [{ env }] = job.spec.template.spec.containers;
    expect(env).toContainEqual({ name: 'PGSSLMODE', value: 'require' });
  });

  it('runs three instances in production, which wait for each other and keep apart', () => {
    expect(specOf(undefined, { profile: 'production' })).toMatchObject({
      instances: 3,
      enablePDB: true,
      postgresql: { synchronous: { method: 'any', number: 1 } },
      affinity: { enablePodAntiAffinity: true },
      resources: { requests: { cpu: '1000m', memory: '2048Mi' }, limits: { memory: '2048Mi' } },
    });
    const one = specOf();
    expect(one).toMatchObject({ instances: 1, enablePDB: false });
    expect(one.postgresql).not.toHaveProperty('synchronous');
  });

  it('is reached by its stage, the operator, and instances by each other, and nobody else', () => {
    const policy = find(
      server(undefined, { profile: 'production' }),
      'NetworkPolicy',
      'postgresql-policy',
    ).spec;
    const sources = policy.ingress.map(({ from: [from], ports: [{ port }] }: Json) => [
      port,
      from.namespaceSelector.matchLabels['kubernetes.io/metadata.name'] ?? 'stage',
    ]);
    expect(sources).toEqual([
      [5432, 'stage'],
      [5432, 'dev-postgresql'],
      [5432, 'dev-operator'],
      [8000, 'dev-postgresql'],
      [8000, 'dev-operator'],
    ]);
    expect(policy.policyTypes).toEqual(['Ingress', 'Egress']);
  });

  it('keeps its password and the keys of the store in Secrets', () => {
    const stack = server(({ s3 }) => ({ backups: { store: s3, method: 'in-tree' } }));
    const { superuserSecret, backup } = find(stack, 'Cluster').spec;
    const secrets = locals(stack).kubernetes_secrets;
    expect(Object.keys(secrets[superuserSecret.name])).toEqual(['password', 'username']);
    const { accessKeyId, secretAccessKey, region } = backup.barmanObjectStore.s3Credentials;
    for (const { name, key } of [accessKeyId, secretAccessKey, region]) {
      expect(Object.keys(secrets[name])).toContain(key);
    }
  });

  it('reaches a bucket of the cloud as the service account that the operator makes', () => {
    grantees.length = 0;
    const { plugins } = specOf(({ gs }) => ({ backups: { store: gs } }));
    expect(grantees).toEqual(['dev-postgresql/postgresql']);
    const store = find(
      server(({ gs }) => ({ backups: { store: gs } })),
      'ObjectStore',
    );
    expect(store.metadata.name).toBe(plugins[0].parameters.barmanObjectName);
    expect(store.spec.configuration).toMatchObject({
      destinationPath: 'gs://backups',
      googleCredentials: { gkeEnvironment: true },
    });
  });

  it('begins with what another server was at a moment', () => {
    const { bootstrap, externalClusters, plugins } = specOf(({ s3 }) => ({
      backups: { store: s3, serverName: 'second' },
      recovery: { store: s3, serverName: 'postgresql', targetTime: '2026-11-21T17:30:00Z' },
    }));
    expect(bootstrap).toEqual({
      recovery: { source: 'origin', recoveryTarget: { targetTime: '2026-11-21T17:30:00Z' } },
    });
    expect(externalClusters[0].plugin.parameters.serverName).toBe('postgresql');
    expect(plugins[0].parameters.serverName).toBe('second');
  });

  it.each<[string, Build, string]>([
    ['no instance', () => ({ instances: 0 }), 'a server cannot have 0 instances'],
    [
      'a schedule of five fields',
      ({ s3 }) => ({ backups: { store: s3, schedule: '0 1 * * *' } }),
      '"0 1 * * *" is no schedule of CloudNativePG.',
    ],
    [
      'a time without zone',
      ({ s3 }) => ({ recovery: { store: s3, serverName: 'old', targetTime: '2026-11-21' } }),
      'nothing can be recovered to "2026-11-21"',
    ],
    [
      'backups over those it is recovered from',
      ({ s3 }) => ({ backups: { store: s3 }, recovery: { store: s3, serverName: 'postgresql' } }),
      'backups would go to "postgresql", from which it is recovered itself.',
    ],
    [
      'no retention',
      ({ s3 }) => ({ backups: { store: s3, retentionDays: 0 } }),
      '`backups.retentionDays` cannot be 0.',
    ],
    [
      'a folder',
      ({ folder }) => ({ backups: { store: folder } }),
      'CloudNativePG cannot write to this object store.',
    ],
  ])('refuses %s', (_, build, message) => {
    expect(() => server(build)).toThrow(message);
  });

  it('asks for the plugin that its backups need', () => {
    const build: Build = ({ s3 }) => ({ backups: { store: s3 } });
    expect(() => server(build, { plugin: false })).toThrow('need its Barman Cloud plugin');
    expect(() =>
      server(({ s3 }) => ({ backups: { store: s3, method: 'in-tree' } }), { plugin: false }),
    ).not.toThrow();
  });
});

(isChartMirrorMade() ? describe : describe.skip)('the schemas of CloudNativePG', () => {
  it('take every shape of a server', async () => {
    const validate = schemas(join(await chartMirror(), 'cloudnative-pg-0.29.0.tgz'));
    const shapes: readonly [Build, SynthProps?][] = [
      [() => ({})],
      [() => ({ storageClass: 'fast' }), { profile: 'production' }],
      [({ s3 }) => ({ backups: { store: s3 } }), { profile: 'production' }],
      [({ gs }) => ({ backups: { store: gs, method: 'in-tree' } })],
      [
        ({ s3, other }) => ({
          backups: { store: s3, method: 'in-tree' },
          recovery: { store: other, serverName: 'old', method: 'in-tree' },
        }),
      ],
      [({ s3 }) => ({ recovery: { store: s3, serverName: 'old', targetTime: '2026-11-21T17:30:00Z' } })],
    ];
    for (const [build, props] of shapes) {
      const made = objectsOf(server(build, props)).filter(
        ({ apiVersion }) => apiVersion === 'postgresql.cnpg.io/v1',
      );
      expect(made.flatMap(validate)).toEqual([]);
    }
    const [cluster] = objectsOf(server()).filter(({ kind }) => kind === 'Cluster');
    expect(validate({ ...cluster, spec: { ...cluster.spec, instances: 'three', imagename: '' } })).toEqual([
      expect.stringContaining('"additionalProperty":"imagename"'),
      expect.stringContaining('/spec/instances must be integer'),
    ]);
  });
});

/** What the API server would say, by the CRDs of a chart: types, values, and fields that no kind has. */
function schemas(chart: string): (object: Json) => string[] {
  const printed = execFileSync('tar', ['-xzOf', chart], { maxBuffer: 64 * 1024 * 1024, encoding: 'utf8' });
  const crds = printed
    .split(/^---$/m)
    .filter((text) => /^ {4}kind: (Cluster|ScheduledBackup)$/m.test(text))
    .map((text): Json => parse(text));
  const ajv = new Ajv({
    strict: false,
    allErrors: true,
    formats: { int32: true, int64: true, 'date-time': true },
  });
  const tests = new Map(
    crds.map(({ spec }) => {
      const schema = closed(spec.versions[0].schema.openAPIV3Schema);
      return [
        spec.names.kind,
        ajv.compile({ ...schema, properties: { ...schema.properties, metadata: {} } }),
      ];
    }),
  );
  return (object) => {
    const test = tests.get(object.kind)!;
    return test(object)
      ? []
      : test.errors!.map(
          ({ instancePath, message, params }) =>
            `${object.kind} ${instancePath} ${message} ${JSON.stringify(params)}`,
        );
  };
}

/** The API server drops fields that a schema does not name; here they are errors. */
function closed(schema: Json): Json {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema;
  if (schema['x-kubernetes-int-or-string']) return {};
  const inner = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, closed(value)]));
  const isObject = schema.type === 'object' && schema.properties !== undefined;
  return isObject && !schema['x-kubernetes-preserve-unknown-fields']
    ? { ...inner, additionalProperties: false }
    : inner;
}
