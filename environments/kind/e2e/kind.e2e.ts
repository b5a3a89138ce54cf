import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
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
import {
  kindBinary,
  kindNodeImage,
  startDocker,
  terraformCliConfig,
  type DockerServer,
} from '@mlterra/testbed';

const IMAGES = [
  'docker.io/library/postgres:18.4-bookworm',
  'docker.io/versity/versitygw:v1.8.0',
  'ghcr.io/mlflow/mlflow:v3.17.2-full',
];

const all = (status: string): Record<string, string> =>
  Object.fromEntries(
    ['cluster', 'postgresql', 'versitygw', 'mlflow'].map((stack) => [`kind/dev/${stack}`, status]),
  );

/** What must be seen of each tool before it counts as running on kind, in the words of the contract suites. */
const NEEDED = {
  mlflow: ['services', 'login', 'database-url', 'object-store', 'reachable', 'data-kept'],
  postgresql: ['server', 'data-kept'],
  versitygw: ['object-store', 'data-kept'],
};

const PORT = 31_520;

/** The stages below build on each other: one life of a cluster, from the first apply to the purge. */
describe('the environment kind, by the real command', () => {
  let docker: DockerServer;
  let kind: string;
  let workspace: TemporaryWorkspace;
  let python: PythonClient;
  let login: Login;
  let logged: Found;
  /** Home of the user, in which kind writes the kubeconfig. */
  const home = mkdtempSync(join(tmpdir(), 'mlterra-kind-e2e-'));
  const proofs = new Proofs({ provider: 'kind', way: 'paas', needed: NEEDED });

  const env = (): NodeJS.ProcessEnv => ({
    ...process.env,
    DOCKER_HOST: docker.host,
    PATH: [dirname(kind), '/usr/bin', process.env.PATH].join(':'),
  });
  const runKind = (...args: readonly string[]): string =>
    execFileSync(kind, args, { encoding: 'utf8', env: env(), stdio: ['ignore', 'pipe', 'ignore'] });
  const kubeconfig = (): string => {
    const file = join(home, '.kube', 'config');
    return existsSync(file) ? readFileSync(file, 'utf8') : '';
  };
  const kubectl = (...args: readonly string[]): string => {
    const inNode = ['exec', 'kind-dev-control-plane', 'kubectl', '--kubeconfig=/etc/kubernetes/admin.conf'];
    return execFileSync('/usr/bin/docker', [...inNode, ...args], { encoding: 'utf8', env: env() });
  };
  const create = async (changes: NodeJS.ProcessEnv = {}): Promise<TemporaryWorkspace> => {
    const created = await TemporaryWorkspace.create({
      environmentDir: join(__dirname, '..'),
      change: (source) =>
        source
          .replace('mlflow: 30520', `mlflow: ${PORT}`)
          .replace('publish: {', `nodeImage: '${nodeImage}', publish: {`),
      env: { ...env(), HOME: home, ...changes },
    });
    await lockProviders(created, 'helm', 'random');
    return created;
  };
  let nodeImage: string;

  beforeAll(async () => {
    python = new PythonClient(MLFLOW_VERSION);
    process.env.TF_CLI_CONFIG_FILE = await terraformCliConfig('helm', 'random');
    docker = await startDocker();
    kind = await kindBinary();
    nodeImage = await kindNodeImage(docker.host);
    workspace = await create();
  }, 1_800_000);

  afterAll(async () => {
    proofs.record();
    if (kind !== undefined) spawnSync(kind, ['delete', 'cluster', '--name', 'kind-dev'], { env: env() });
    workspace?.remove();
    await docker?.stop();
    rmSync(home, { recursive: true, force: true });
  });

  it('says that there is no container engine, before anything is made', async () => {
    const lonely = await create({ DOCKER_HOST: 'unix:///nowhere/docker.sock' });
    try {
      const run = await lonely.run('apply', '--json');
      expect(run.code).not.toBe(0);
      expect(run.output).toMatch(/kind could not ask the container engine/);
      expect(run.statuses()).toMatchObject({ 'kind/dev/cluster': 'failed', 'kind/dev/mlflow': 'blocked' });
    } finally {
      lonely.remove();
    }
  });

  it('makes the cluster and what runs on it by one command', async () => {
    const applying = workspace.run('apply', '--json');
    // Nodes pull from registries, which cannot be reached here: the images are handed to them.
    await until('the node runs', () => kubeconfig().includes('kind-kind-dev'), 240);
    runKind('load', 'docker-image', '--name', 'kind-dev', ...IMAGES);
    const run = await applying;
    succeeded(run);
    expect(run.statuses()).toMatchObject(all('applied'));
    proofs.add('server');
  });

  it('keeps a training run with its model, over the published port', async () => {
    const { services } = (await workspace.run('output', '--json')).result();
    const { url, username } = services!.find(({ name }) => name === 'mlflow')!;
    expect(url).toBe(`http://localhost:${PORT}`);
    const path = ['get', 'secret', '--namespace', 'kind-dev-mlflow', 'mlflow-admin-password'];
    const password = kubectl(...path, '--output', 'jsonpath={.data.value}');
    login = { url, username, password: Buffer.from(password, 'base64').toString() };
    const { status } = await fetch(`${url}/api/2.0/mlflow/experiments/search?max_results=1`);
    expect(status).toBe(401);
    logged = python.run('train.py', login);
    expect(logged.accuracy).toBeGreaterThan(0.9);
    proofs.add('services', 'login', 'reachable', 'database-url', 'object-store');
  });

  it('is unchanged when applied again', async () => {
    const run = await workspace.run('apply', '--json');
    succeeded(run);
    expect(run.statuses()).toMatchObject(all('unchanged'));
  });

  it('comes back after its node was stopped, as by a reboot', async () => {
    execFileSync('/usr/bin/docker', ['stop', 'kind-dev-control-plane'], { env: env() });
    const drift = await workspace.run('drift', '-c', 'dev', '--json');
    expect(drift.statuses()['kind/dev/cluster']).toBe('drifted');
    const mended = await workspace.run('apply', '--all', '--json');
    succeeded(mended);
    await until('MLflow answers', async () => {
      try {
        return (await fetch(`${login.url}/health`)).ok;
      } catch {
        return false;
      }
    });
    expect(python.run('read_back.py', login, logged.run, logged.model)).toEqual(logged);
    proofs.add('data-kept');
  });

  it('refuses other ports, which kind cannot give to a cluster', async () => {
    const before = workspace.edit((source) => source.replace(`mlflow: ${PORT}`, 'mlflow: 31999'));
    const run = await workspace.run('apply', '--json');
    expect(run.code).not.toBe(0);
    expect(run.output).toMatch(/was made otherwise, and kind cannot change it/);
    workspace.edit(() => before);
    succeeded(await workspace.run('apply', '--json'));
  });

  it('keeps the cluster when it is destroyed, as there is data on it', async () => {
    const run = await workspace.run('destroy', '-c', 'dev', '--yes', '--json');
    succeeded(run);
    expect(run.output).toContain('kind cluster kind-dev with the volumes');
    expect(runKind('get', 'clusters')).toContain('kind-dev');
  });

  it('removes the cluster and its context when it is purged', async () => {
    succeeded(await workspace.run('destroy', '-c', 'dev', '--purge', '--yes', '--json'));
    expect(runKind('get', 'clusters')).not.toContain('kind-dev');
    expect(kubeconfig()).not.toContain('kind-kind-dev');
  });
});
