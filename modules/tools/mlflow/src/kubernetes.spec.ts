import {
  defineEnvironment,
  exportOutputs,
  localState,
  Secret,
  text,
  type ObjectStore,
  type Peer,
  type PostgresDatabase,
  type ProfileName,
  type Stack,
} from '@mlterra/core';
import { KubernetesRenderer } from '@mlterra/kubernetes';
import { synthEnvironment, type StackJson } from '@mlterra/testing';
import { Construct } from 'constructs';
import { Mlflow } from './mlflow';
import type { MlflowProps } from './mlflow-props';

/** A server off the cluster, whose passwords a stack of the cloud keeps. */
const database: PostgresDatabase = {
  majorVersion: 18,
  addDatabase(scope, id, { name }) {
    const login = new Construct(scope, id);
    const outputs = exportOutputs(login, { host: 'db.example.org', port: 5432, reference: 'vault/key' });
    const { value } = exportOutputs(
      new Construct(login, 'Password'),
      { value: 'made-up' },
      { sensitive: true },
    );
    const password = new Secret(outputs.reference, value);
    return {
      ...outputs,
      database: name,
      user: name,
      password,
      peers: [{ kind: 'addresses', cidrs: ['10.0.0.0/16'], port: 5432 }],
      url: (scheme = 'postgresql') =>
        text`${scheme}://${name}:${password}@${outputs.host}:${outputs.port}/${name}?sslmode=require`,
    };
  },
};

const grantees: unknown[] = [];
const artifacts: ObjectStore = {
  grantReadWrite(grantee) {
    grantees.push(grantee.principal?.member);
    return {
      uri: 'gs://artifacts',
      variables: {},
      peers: [{ kind: 'addresses', cidrs: ['192.0.2.0/24'], port: 443 }],
    };
  },
};

function synth(profile: ProfileName, props: Partial<MlflowProps> = {}): StackJson {
  const environment = defineEnvironment({
    name: 'demo',
    backend: localState(),
    stages: { dev: { profile, settings: undefined } },
    build(stage) {
      const access = accessOf(stage.stack('cluster'));
      const memberOf = (namespace: string, name: string) => ({
        cloud: 'sky',
        member: `${namespace}/${name}`,
      });
      const platform = new KubernetesRenderer({ access, memberOf });
      new Mlflow(stage.stack('tracking'), 'mlflow', { platform, database, artifacts, ...props });
    },
  });
  return synthEnvironment(environment)['dev/tracking']!;
}

function accessOf(stack: Stack) {
  const outputs = exportOutputs(stack, { endpoint: 'https://192.0.2.1', caCertificate: 'Y2E=' });
  return { ...outputs, exec: { command: 'token', args: [] } };
}

function localsOf(stack: StackJson) {
  return (stack as unknown as { locals: ReturnType<typeof JSON.parse> }).locals;
}

function objectsOf(stack: StackJson, kind: string): ReturnType<typeof JSON.parse>[] {
  return localsOf(stack).kubernetes_values.objects.filter((object: { kind: string }) => object.kind === kind);
}

function deployment(stack: StackJson) {
  const locals = localsOf(stack);
  const [{ spec }] = objectsOf(stack, 'Deployment');
  const [container] = spec.template.spec.containers;
  const variable = (name: string) =>
    container.env.find((each: { name: string }) => each.name === name) as Record<string, unknown>;
  const argument = (name: string) => container.command[container.command.indexOf(name) + 1] as string;
  return { spec, container, variable, argument, secrets: locals.kubernetes_secrets.mlflow };
}

describe('Mlflow on Kubernetes', () => {
  it('listens where the cluster reaches it, and answers to the names of its Service', () => {
    const { argument, container, variable } = deployment(synth('development'));
    expect(argument('--host')).toBe('0.0.0.0');
    expect(argument('--artifacts-destination')).toBe('gs://artifacts');
    expect(container.ports).toEqual([{ name: 'http', containerPort: 5000, protocol: 'TCP' }]);
    expect(variable('MLFLOW_SERVER_ALLOWED_HOSTS').value).toBe(
      'mlflow.dev-tracking.svc:5000,mlflow.dev-tracking.svc.cluster.local:5000,mlflow.dev-tracking:5000,mlflow:5000,localhost:5000',
    );
  });

  it('runs replicas of one worker each', () => {
    const { spec, argument } = deployment(synth('production', { scaling: false }));
    expect([spec.replicas, argument('--workers')]).toEqual([3, '1']);
    expect(deployment(synth('development')).spec.replicas).toBe(1);
    expect(deployment(synth('production', { workers: 2 })).argument('--workers')).toBe('2');
  });

  it('grows with the load in production, and lets nodes be drained', () => {
    const production = synth('production');
    expect(objectsOf(production, 'HorizontalPodAutoscaler')).toEqual([
      expect.objectContaining({
        spec: expect.objectContaining({
          minReplicas: 3,
          maxReplicas: 50,
          metrics: ['cpu', 'memory'].map((name) => ({
            type: 'Resource',
            resource: {
              name,
              target: { type: 'Utilization', averageUtilization: name === 'cpu' ? 70 : 80 },
            },
          })),
        }),
      }),
    ]);
    expect(objectsOf(production, 'PodDisruptionBudget')).toHaveLength(1);
    expect(objectsOf(synth('development'), 'HorizontalPodAutoscaler')).toEqual([]);
    expect(objectsOf(synth('production', { scaling: false }), 'HorizontalPodAutoscaler')).toEqual([]);
  });

  it('runs as many as it is told to', () => {
    const fixed = synth('production', { replicas: 5 });
    expect(deployment(fixed).spec.replicas).toBe(5);
    expect(objectsOf(fixed, 'HorizontalPodAutoscaler')).toEqual([]);
    const scaling = { minReplicas: 2, maxReplicas: 4, cpuPercent: 60 };
    const [scaler] = objectsOf(synth('development', { scaling }), 'HorizontalPodAutoscaler');
    expect(scaler!.spec).toMatchObject({ minReplicas: 2, maxReplicas: 4 });
    expect(() => synth('production', { replicas: 5, scaling })).toThrow(
      'MLflow is to run 5 servers, and as many as the load needs.',
    );
    expect(() => synth('production', { replicas: 0 })).toThrow('MLflow cannot run 0 servers.');
  });

  it('reaches its stores and what it is told to, where nothing else is let out', () => {
    const peer: Peer = { kind: 'addresses', cidrs: ['198.51.100.7/32'], port: 8443 };
    const policies = JSON.stringify(
      objectsOf(synth('production', { connectsTo: [peer] }), 'NetworkPolicy').map(({ spec }) => spec.egress),
    );
    for (const range of ['10.0.0.0/16', '192.0.2.0/24', '198.51.100.7/32']) expect(policies).toContain(range);
    expect(policies).not.toContain('0.0.0.0/0');
  });

  it('begins by giving the administrator the password of this apply', () => {
    const { container } = deployment(synth('development'));
    expect(container.command.slice(0, 4)).toEqual(['python', '/etc/mlflow/start.py', 'mlflow', 'server']);
    expect(container.volumeMounts).toContainEqual(
      expect.objectContaining({ mountPath: '/etc/mlflow/start.py', readOnly: true }),
    );
  });

  it('takes database URLs and keys from its Secret only', () => {
    const { variable, secrets } = deployment(synth('development'));
    for (const name of [
      'MLFLOW_BACKEND_STORE_URI',
      'MLFLOW_FLASK_SERVER_SECRET_KEY',
      'MLFLOW_CRYPTO_KEK_PASSPHRASE',
    ]) {
      const { key } = (variable(name).valueFrom as { secretKeyRef: { key: string } }).secretKeyRef;
      expect(Object.keys(secrets)).toContain(key);
    }
    const [file] = Object.entries<string>(secrets)
      .find(([key]) => key.startsWith('server-file-'))!
      .slice(1);
    expect(file).toContain('database_uri = postgresql+psycopg2://mlflow_dev_auth:');
    expect(file).toContain('admin_password = ${sensitive(random_password.');
  });

  it('is granted its artifacts as the service account it runs as', () => {
    grantees.length = 0;
    const { spec } = deployment(synth('development'));
    expect(grantees).toEqual([`dev-tracking/${spec.template.spec.serviceAccountName}`]);
  });
});
