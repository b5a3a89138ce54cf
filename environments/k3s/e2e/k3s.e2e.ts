import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import {
  lockProviders,
  Proofs,
  PythonClient,
  succeeded,
  TemporaryWorkspace,
  until,
  type Found,
  type Login,
} from '@mlterra/e2e';
import { MLFLOW_VERSION } from '@mlterra/mlflow';
import { sampleOf } from '@mlterra/testing';
import { startKubernetes, terraformCliConfig, type KubernetesServer } from '@mlterra/testbed';
import * as terratest from '@mlterra/terratest-wrapper';

const MLFLOW_IMAGE = 'ghcr.io/mlflow/mlflow:v3.17.2-full';
const IMAGES = [
  'docker.io/library/postgres:18.4-bookworm',
  'docker.io/versity/versitygw:v1.8.0',
  'docker.io/library/traefik:v3.5.0',
  MLFLOW_IMAGE,
];

const STACKS = ['cluster', 'gateway-api', 'gateway', 'postgresql', 'versitygw', 'mlflow'];
const all = (status: string): Record<string, string> =>
  Object.fromEntries([...STACKS, 'web'].map((stack) => [`k3s/dev/${stack}`, status]));

/** What must be seen of each tool before it counts as running on k3s, in the words of the contract suites. */
const NEEDED = {
  mlflow: ['services', 'login', 'database-url', 'object-store', 'reachable', 'data-kept'],
  postgresql: ['server', 'data-kept'],
  versitygw: ['object-store', 'data-kept'],
};

const itInFull = process.env.MLTERRA_TEST_FULL ? it : it.skip;

/** Ports of nodes that no Service of the cluster has: it is empty. */
const [GATEWAY_PORT, WEB_PORT] = [31_510, 31_511];

/** An apply has waited already. */
const AT_ONCE: terratest.RetryOptions = { maxRetries: 0 };
const OFTEN = { maxRetries: 180, timeBetweenRetriesSeconds: 0.5 };

/** A server without state, whose releases go wrong quickly. */
const WEB = `
    platform.run(stage.stack('web'), 'web', {
      containers: {
        server: {
          image: '${MLFLOW_IMAGE}',
          command: ['python3', '-m', 'http.server', '8080', '--directory', '/tmp'],
          ports: { http: { port: 8080, protocol: 'http' } },
          probe: { port: 'http', httpPath: '/', startSeconds: 30 },
          stopGraceSeconds: 1,
        },
      },
    });
    const database =`;

/** The stages below build on each other: one life of an environment, from the first apply to the purge. */
describe('the environment k3s, on a real cluster', () => {
  let cluster: KubernetesServer;
  let workspace: TemporaryWorkspace;
  let login: Login;
  let logged: Found;
  let python: PythonClient;
  const folder = mkdtempSync(join(tmpdir(), 'mlterra-k3s-e2e-'));
  const proofs = new Proofs({ provider: 'k3s', way: 'paas', needed: NEEDED });

  const kubectl = (...args: readonly string[]): string =>
    execFileSync(join(dirname(cluster.kubeconfig), 'bin', 'kubectl'), [...args], {
      encoding: 'utf8',
      env: { ...process.env, KUBECONFIG: cluster.kubeconfig },
    });
  const namespaces = (): readonly string[] =>
    kubectl('get', 'namespaces', '--output', 'name')
      .split('\n')
      .filter((name) => name.startsWith('namespace/k3s-'));
  const inNamespace = (namespace: string): terratest.KubectlOptions => ({
    kubeconfig: cluster.kubeconfig,
    context: cluster.context,
    namespace,
  });
  const answers = async (url: string): Promise<boolean> => {
    try {
      return (await fetch(url, { headers: { connection: 'close' } })).ok;
    } catch {
      return false;
    }
  };
  /** The same environment, told of another cluster. */
  const elsewhere = async (env: NodeJS.ProcessEnv): Promise<TemporaryWorkspace> => {
    const created = await TemporaryWorkspace.create({ environmentDir: join(__dirname, '..'), change, env });
    await lockProviders(created, 'helm', 'random');
    return created;
  };
  const change = (source: string): string =>
    source
      .replace('mlflow: 30510', `mlflow: 30510, gateway: ${GATEWAY_PORT}`)
      .replace('publish: {', `schedulingSeconds: 30, publish: { 'web.http': ${WEB_PORT},`)
      .replace('\n    const database =', WEB);

  beforeAll(async () => {
    // Before anything is made: they also run when the test is interrupted.
    terratest.cleanup(() => rmSync(folder, { recursive: true, force: true }));
    terratest.cleanup(() => cluster?.stop());
    terratest.cleanup(() => workspace?.remove());
    python = new PythonClient(MLFLOW_VERSION);
    process.env.TF_CLI_CONFIG_FILE = await terraformCliConfig('helm', 'random');
    cluster = await startKubernetes({ images: IMAGES });
    workspace = await elsewhere({ K3S_KUBECONFIG: cluster.kubeconfig, K3S_CONTEXT: cluster.context });
  });

  afterAll(() => proofs.record());

  itInFull('refuses a context that is not in the kubeconfig, before anything is made', async () => {
    const wrong = await elsewhere({ K3S_KUBECONFIG: cluster.kubeconfig, K3S_CONTEXT: 'nowhere' });
    try {
      const run = await wrong.run('apply', '--json');
      expect(run.code).not.toBe(0);
      expect(run.output).toContain(`has no context \\"nowhere\\".`);
      expect(run.output).toContain(cluster.context);
      expect(namespaces()).toEqual([]);
    } finally {
      wrong.remove();
    }
  });

  itInFull('refuses a cluster that does not answer, before anything is made', async () => {
    const kubeconfig = join(folder, 'kubeconfig');
    const text = readFileSync(cluster.kubeconfig, 'utf8').replace(
      /server: \S+/,
      'server: https://127.0.0.1:9',
    );
    writeFileSync(kubeconfig, text);
    const wrong = await elsewhere({ K3S_KUBECONFIG: kubeconfig, K3S_CONTEXT: cluster.context });
    try {
      const run = await wrong.run('apply', '--json');
      expect(run.code).not.toBe(0);
      expect(run.output).toMatch(
        /The API of the cluster at https:\/\/127\.0\.0\.1:9 cannot be reached: .*ECONNREFUSED/,
      );
      expect(run.statuses()).toMatchObject({ 'k3s/dev/cluster': 'failed', 'k3s/dev/mlflow': 'blocked' });
    } finally {
      wrong.remove();
    }
  });

  it('is applied by one command, prod excepted', async () => {
    const run = await workspace.run('apply', '--json');
    succeeded(run);
    expect(run.statuses()).toMatchObject(all('applied'));
    expect(JSON.stringify(run.result())).toContain('needs -c prod');
    const pods = kubectl('get', 'pods', '--all-namespaces', '--selector', 'mlterra.dev/environment=k3s');
    expect(pods).toMatch(/k3s-dev-mlflow +mlflow-\S+ +1\/1 +Running/);
    for (const stack of ['postgresql', 'versitygw', 'mlflow']) {
      await terratest.waitUntilDeploymentAvailable(inNamespace(`k3s-dev-${stack}`), stack, AT_ONCE);
    }
    proofs.add('server');
  });

  it('says where its services are, and the command that shows a password', async () => {
    const { services } = (await workspace.run('output', '--json')).result();
    const { url, username, passwordFile } = services!.find(({ name }) => name === 'mlflow')!;
    expect([url, username]).toEqual([`http://localhost:${GATEWAY_PORT}`, 'admin']);
    const { stdout } = spawnSync('sh', ['-c', passwordFile], {
      encoding: 'utf8',
      env: { ...process.env, PATH: `${join(dirname(cluster.kubeconfig), 'bin')}:${process.env.PATH}` },
    });
    expect(stdout).toMatch(/^[A-Za-z0-9]{32}$/);
    login = { url, username, password: stdout };
    proofs.add('services');
  });

  it('lets nobody in without credentials', async () => {
    const { status } = await fetch(`${login.url}/api/2.0/mlflow/experiments/search?max_results=1`);
    expect(status).toBe(401);
    proofs.add('login', 'reachable');
  });

  it('has an object store that is not published, and that opens to nobody without a key', async () => {
    const tunnel = await terratest.openTunnel(inNamespace('k3s-dev-versitygw'), 'service/versitygw', 7070);
    const answer = await terratest.httpGetWithRetry(`http://${tunnel.endpoint}/`, { status: 403, ...OFTEN });
    expect(answer.body).toContain('AccessDenied');
  });

  it('keeps a training run with its model', () => {
    logged = python.run('train.py', login);
    expect(logged.accuracy).toBeGreaterThan(0.9);
    proofs.add('database-url', 'object-store');
  });

  it('has network policies that the cluster accepts', () => {
    const policies = kubectl('get', 'networkpolicies', '--all-namespaces', '--output', 'name')
      .trim()
      .split('\n');
    expect(policies.sort()).toEqual(
      [
        ...Array(6).fill('networkpolicy.networking.k8s.io/default-deny'),
        ...[
          'gateway',
          'gateway-policy',
          'mlflow',
          'mlflow-route-policy',
          'postgresql',
          'versitygw',
          'web',
        ].map((name) => `networkpolicy.networking.k8s.io/${name}`),
      ].sort(),
    );
  });

  it('is unchanged when applied again, and in sync when looked at', async () => {
    const run = await workspace.run('apply', '--json');
    succeeded(run);
    expect(run.statuses()).toMatchObject(all('unchanged'));
    const drift = await workspace.run('drift', '-c', 'dev', '--json');
    succeeded(drift);
    expect(drift.statuses()).toEqual(all('in-sync'));
  });

  it('is refused where its variables lead to another cluster, and nothing is changed', async () => {
    const kubeconfig = join(folder, 'another');
    const text = readFileSync(cluster.kubeconfig, 'utf8');
    writeFileSync(kubeconfig, text.replace(/server: \S+/, 'server: https://127.0.0.1:9'));
    for (const command of sampleOf(['plan', 'apply', 'drift', 'destroy --yes'], 1)) {
      const run = await workspace.runWith(
        { K3S_KUBECONFIG: kubeconfig },
        ...command.split(' '),
        '-c',
        'dev',
        '--json',
      );
      expect(run.code).not.toBe(0);
      expect(run.result().stacks.filter(({ status }) => status === 'failed')).toContainEqual(
        expect.objectContaining({
          error: {
            code: 'other-target',
            message: expect.stringContaining(
              'leads to the Kubernetes cluster https://127.0.0.1:9, but k3s/dev/',
            ),
          },
        }),
      );
    }
  });

  it('loses nothing when every pod is deleted', async () => {
    for (const name of namespaces()) {
      kubectl('delete', 'pods', '--all', '--namespace', name.slice('namespace/'.length), '--wait=false');
    }
    for (const stack of ['postgresql', 'versitygw', 'mlflow']) {
      kubectl(
        'rollout',
        'status',
        `deployment/${stack}`,
        '--namespace',
        `k3s-dev-${stack}`,
        '--timeout=120s',
      );
    }
    await terratest.httpGetWithRetry(`${login.url}/health`, { body: 'OK', ...OFTEN });
    expect(python.run('read_back.py', login, logged.run, logged.model)).toEqual(logged);
    proofs.add('data-kept');
  });

  itInFull('notices what somebody deleted, and mends it when told to look', async () => {
    kubectl('delete', 'deployment', 'web', '--namespace', 'k3s-dev-web');
    const drift = await workspace.run('drift', '-c', 'dev', '--json');
    expect(drift.statuses()).toEqual({ ...all('in-sync'), 'k3s/dev/web': 'drifted' });
    expect(JSON.stringify(drift.result().stacks)).toContain('workload web is missing');
    const mended = await workspace.run('apply', '--all', '--json');
    succeeded(mended);
    expect(mended.statuses()['k3s/dev/web']).toBe('applied');
    await terratest.waitUntilDeploymentAvailable(inNamespace('k3s-dev-web'), 'web', AT_ONCE);
    await terratest.httpGetWithRetry(`http://localhost:${WEB_PORT}`, OFTEN);
  });

  itInFull('rolls back a release that does not come up, and takes the next one that does', async () => {
    const web = `http://localhost:${WEB_PORT}`;
    const before = workspace.edit((source) => source.replace(MLFLOW_IMAGE, 'registry.invalid/mlflow:v1'));
    const bad = await workspace.run('apply', '--json');
    expect(bad.code).not.toBe(0);
    expect(bad.statuses()).toMatchObject({ 'k3s/dev/web': 'failed', 'k3s/dev/mlflow': 'unchanged' });
    expect(bad.output).toContain('registry.invalid/mlflow:v1');
    expect(await answers(web)).toBe(true);
    workspace.edit(() => before.replace('startSeconds: 30', 'startSeconds: 31'));
    const good = await workspace.run('apply', '--json');
    succeeded(good);
    expect(good.statuses()['k3s/dev/web']).toBe('applied');
    expect(await answers(web)).toBe(true);
  });

  it('keeps data when it is destroyed, and says so', async () => {
    const run = await workspace.run('destroy', '-c', 'dev', '--yes', '--json');
    succeeded(run);
    expect(run.output).toContain('namespace k3s-dev-postgresql with the volumes postgresql-data');
    expect(namespaces()).toEqual(['namespace/k3s-dev-postgresql', 'namespace/k3s-dev-versitygw']);
  });

  it('leaves nothing behind when it is purged', async () => {
    succeeded(await workspace.run('destroy', '-c', 'dev', '--purge', '--yes', '--json'));
    expect(namespaces()).toEqual([]);
    await until('the volumes are gone', () => kubectl('get', 'persistentvolumes', '--output', 'name') === '');
    expect(kubectl('get', 'secrets', '--namespace', 'default', '--output', 'name')).toBe('');
  });
});
