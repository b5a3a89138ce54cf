import { execFileSync, spawnSync } from 'node:child_process';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import {
  leaksOf,
  Proofs,
  PythonClient,
  succeeded,
  TemporaryWorkspace,
  until,
  type Found,
  type Login,
} from '@mlterra/e2e';
import { MLFLOW_VERSION } from '@mlterra/mlflow';
import { providerMirror, startDocker, terraformCliConfig, type DockerServer } from '@mlterra/testbed';
import * as terratest from '@mlterra/terratest-wrapper';
import Docker from 'dockerode';

const STACKS = ['engine', 'postgresql', 'versitygw', 'mlflow'];
const all = (status: string): Record<string, string> =>
  Object.fromEntries(STACKS.map((stack) => [`docker/dev/${stack}`, status]));

const isFull = process.env.MLTERRA_TEST_FULL === '1';
const itInFull = isFull ? it : it.skip;
/** How often a run is killed; without all tests that of the engine is, and the reconciler of the host. */
const KILLS = 10;
const seed = Number(process.env.MLTERRA_TEST_SEED ?? Math.abs(jest.getSeed()));

/** What must be seen of each tool before it counts as running on Docker, in the words of the contract suites. */
const NEEDED = {
  mlflow: ['programs', 'services', 'login', 'database-url', 'object-store', 'reachable', 'data-kept'],
  postgresql: ['server', 'data-kept'],
  versitygw: ['object-store', 'data-kept'],
};

/** What MLflow answers only to those who have logged in. */
const SEARCH = 'api/2.0/mlflow/experiments/search?max_results=1';

/** Moments of an apply, in milliseconds from its start: one in each equal part of it. */
function killMoments(): number[] {
  let state = seed;
  return Array.from({ length: KILLS }, (_, part) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.round(1_500 + ((part + state / 2_147_483_648) / KILLS) * 18_000);
  });
}

/** The stages below build on each other: one life of an environment, from the first apply to the purge. */
describe('the environment docker, on a real engine', () => {
  let server: DockerServer;
  let docker: Docker;
  let workspace: TemporaryWorkspace;
  let python: PythonClient;
  let login: Login;
  let logged: Found;
  const proofs = new Proofs({ provider: 'docker', way: 'iaas', needed: NEEDED });

  const create = async (env: NodeJS.ProcessEnv = {}): Promise<TemporaryWorkspace> => {
    const created = await TemporaryWorkspace.create({
      environmentDir: join(__dirname, '..'),
      env: {
        DOCKER_HOST: server.host,
        MLTERRA_IMAGE_MIRROR: server.registry,
        TF_CLI_CONFIG_FILE: process.env.TF_CLI_CONFIG_FILE,
        ...env,
      },
    });
    const platform = `linux_${process.arch === 'x64' ? 'amd64' : process.arch}`;
    succeeded(
      await created.run(
        ...['providers', 'lock', 'docker'],
        ...['--mirror', providerMirror('docker'), '--platform', platform],
      ),
    );
    return created;
  };
  const containers = async (): Promise<readonly string[]> =>
    (await docker.listContainers({ all: true, filters: { label: ['mlterra.dev/environment=docker'] } }))
      .map(({ Names }) => Names[0]!.slice(1))
      .sort();
  const networks = async (): Promise<readonly string[]> =>
    (await docker.listNetworks()).map(({ Name }) => Name).filter((name) => name.startsWith('docker-'));
  const volumes = async (): Promise<readonly string[]> =>
    (await docker.listVolumes()).Volumes.map(({ Name }) => Name).sort();
  const inspect = (name: string): Promise<Docker.ContainerInspectInfo> =>
    docker.getContainer(`docker-dev-${name}`).inspect();
  const status = async (headers: Record<string, string> = {}, url = login.url): Promise<number> =>
    (
      await fetch(`${url}/${SEARCH}`, {
        headers: { connection: 'close', ...headers },
      })
    ).status;
  const basic = ({ username, password }: Omit<Login, 'url'>): Record<string, string> => ({
    authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`,
  });
  /** What MLflow answers to a client in the network of the stage that calls it by a name. */
  const answerInside = (host: string): string => {
    const script = [
      'import http.client',
      "client = http.client.HTTPConnection('mlflow', 5000)",
      `client.request('GET', '/${SEARCH}', headers={'Host': '${host}'})`,
      'print(client.getresponse().status)',
    ];
    return run(server, 'exec', 'docker-dev-mlflow', 'python3', '-c', script.join('\n'));
  };
  const answers = async (): Promise<boolean> => {
    try {
      return (await status(basic(login))) === 200;
    } catch {
      return false;
    }
  };
  const answersAgain = (): Promise<unknown> =>
    terratest.httpGetWithRetry(`${login.url}/${SEARCH}`, {
      headers: basic(login),
      maxRetries: 480,
      timeBetweenRetriesSeconds: 0.5,
    });
  const devStatuses = (statuses: Record<string, string>): Record<string, string> =>
    Object.fromEntries(Object.entries(statuses).filter(([key]) => key.startsWith('docker/dev/')));
  const applied = async (expected: string): Promise<void> => {
    const run = await workspace.run('apply', '--json');
    succeeded(run);
    expect(devStatuses(run.statuses())).toEqual(all(expected));
  };
  const driftOf = async (stack: string): Promise<string> => {
    const { stacks } = (await workspace.run('drift', '-c', 'dev', '--json')).result();
    const found = stacks.find(({ key }) => key === `docker/dev/${stack}`)!;
    return [found.status, ...found.reasons].join(' ');
  };
  /** An apply that must fail, in words, and leave nothing on the engine. */
  const refused = async (
    where: TemporaryWorkspace,
    message: RegExp,
    left: readonly string[],
  ): Promise<void> => {
    const run = await where.run('apply', '--json');
    expect(run.code).not.toBe(0);
    expect(run.output).toMatch(message);
    expect(await containers()).toEqual(left);
  };

  beforeAll(async () => {
    // Before anything is made: they also run when the test is interrupted.
    terratest.cleanup(() => server?.stop());
    terratest.cleanup(() => workspace?.remove());
    process.env.TF_CLI_CONFIG_FILE = await terraformCliConfig('docker', 'random');
    python = new PythonClient(MLFLOW_VERSION);
    server = await startDocker({ mode: 'exclusive' });
    docker = new Docker({ socketPath: server.host.replace('unix://', '') });
    workspace = await create();
  });

  afterAll(() => proofs.record());

  itInFull('says that there is no engine, before anything is made', async () => {
    const nowhere = await create({ DOCKER_HOST: 'unix:///nonexistent/docker.sock' });
    try {
      await refused(
        nowhere,
        /No Docker engine answers at unix:\/\/\/nonexistent\/docker\.sock: there is no such socket.*DOCKER_HOST/s,
        [],
      );
    } finally {
      nowhere.remove();
    }
  });

  itInFull('says which image cannot be pulled, before the stack has any container', async () => {
    const elsewhere = await create({ MLTERRA_IMAGE_MIRROR: `${server.registry}/missing` });
    try {
      await refused(
        elsewhere,
        /The image \S+\/missing\/docker\.io\/library\/postgres:\S+ cannot be pulled: .*MLTERRA_IMAGE_MIRROR/s,
        [],
      );
      succeeded(await elsewhere.run('destroy', '-c', 'dev', '--yes', '--purge', '--json'));
      expect(await networks()).toEqual([]);
    } finally {
      elsewhere.remove();
    }
  });

  it('is applied by one command, prod excepted', async () => {
    const run = await workspace.run('apply', '--json');
    expect(run.output).toContain('docker/dev/mlflow');
    expect(devStatuses(run.statuses())).toEqual(all('applied'));
    expect(JSON.stringify(run.result())).toContain('needs -c prod');
    succeeded(run);
    expect(await networks()).toEqual(['docker-dev']);
  });

  it('says where its service is and how its password is read', async () => {
    const { services } = (await workspace.run('output', '--json')).result();
    const { url, username, passwordFile } = services!.find(({ name }) => name === 'mlflow')!;
    expect({ url, username }).toEqual({
      url: `http://localhost:${workspace.ports[5510]}`,
      username: 'admin',
    });
    login = { url, username, password: readPassword(passwordFile) };
    expect(login.password).toMatch(/^[A-Za-z0-9]{32}$/);
    proofs.add('services');
  });

  it('lets nobody in without credentials, and answers to its own names only', async () => {
    expect(await status()).toBe(401);
    expect(await status(basic({ username: 'admin', password: 'password1234' }))).toBe(401);
    expect(await status(basic(login))).toBe(200);
    expect(await status(basic(login), login.url.replace('localhost', '127.0.0.1'))).toBe(200);
    expect(answerInside('mlflow:5000')).toBe('401');
    expect(answerInside('evil.example')).toBe('403');
    proofs.add('programs', 'reachable', 'login');
  });

  it('publishes nothing else, and that on loopback only', async () => {
    const published = (await docker.listContainers()).flatMap(({ Ports }) =>
      Ports.filter(({ PublicPort }) => PublicPort !== undefined),
    );
    expect(published.map(({ IP, PublicPort }) => `${IP}:${PublicPort}`)).toEqual([
      `127.0.0.1:${workspace.ports[5510]}`,
    ]);
  });

  it('keeps a training run with its model', () => {
    logged = python.run('train.py', login);
    expect(logged.accuracy).toBeGreaterThan(0.9);
    expect(logged.predictions).toHaveLength(150);
    proofs.add('server', 'database-url', 'object-store');
  });

  it('runs as ordinary users, without privileges, on read-only roots', async () => {
    for (const name of ['postgresql', 'versitygw', 'mlflow', 'mlflow-tracking-database']) {
      const { Config, HostConfig } = await inspect(name);
      expect(Config.User).toMatch(/^[1-9]\d*:[1-9]\d*$/);
      expect(HostConfig).toMatchObject({
        ReadonlyRootfs: true,
        Privileged: false,
        CapDrop: ['ALL'],
        SecurityOpt: ['no-new-privileges:true'],
        LogConfig: { Type: 'json-file', Config: { 'max-size': '10m', 'max-file': '3' } },
      });
      expect(HostConfig.Memory).toBeGreaterThan(0);
    }
  });

  it('has the password of a file in no inspection, and its secrets in nothing that a run wrote or printed', async () => {
    const inspected = await Promise.all(
      (await containers()).map((name) => docker.getContainer(name).inspect()),
    );
    expect(inspected.length).toBeGreaterThan(8);
    expect(JSON.stringify(inspected)).not.toContain(login.password);
    // A state holds the secrets that Terraform makes; nothing else does.
    expect(leaksOf(workspace, ['.mlterra/state/'])).toEqual([]);
  });

  it('is unchanged when applied again, and in sync when looked at', async () => {
    await applied('unchanged');
    expect((await workspace.run('drift', '-c', 'dev', '--json')).statuses()).toEqual(all('in-sync'));
  });

  it('is refused where a variable leads to another daemon, and nothing is changed', async () => {
    const before = await containers();
    const elsewhere = { DOCKER_HOST: 'tcp://127.0.0.1:9' };
    for (const command of [['plan'], ['apply'], ['drift'], ['destroy', '--yes']]) {
      const run = await workspace.runWith(elsewhere, ...command, '-c', 'dev', '--json');
      expect(run.code).not.toBe(0);
      expect(run.result().stacks.filter(({ status }) => status === 'failed')).toContainEqual(
        expect.objectContaining({
          error: {
            code: 'other-target',
            message: expect.stringMatching(
              new RegExp(`DOCKER_HOST=tcp://127\\.0\\.0\\.1:9 leads to .* was applied to ${server.host}`),
            ),
          },
        }),
      );
    }
    expect(await containers()).toEqual(before);
    await applied('unchanged');
  });

  itInFull('is unchanged when all of it is looked at', async () => {
    const everything = await workspace.run('apply', '--all', '--json');
    expect(devStatuses(everything.statuses())).toEqual(all('unchanged'));
  });

  itInFull('restarts a program that dies', async () => {
    const before = (await inspect('mlflow')).State;
    // Below the first process of the container, which is the engine's.
    const [child] = execFileSync('pgrep', ['-P', String(before.Pid)], { encoding: 'utf8' })
      .trim()
      .split('\n');
    process.kill(Number(child), 'SIGKILL');
    await until('another MLflow answers', async () => {
      const { Pid, Running } = (await inspect('mlflow')).State;
      return Running && Pid !== before.Pid && answers();
    });
  });

  itInFull('notices a container that somebody stopped for good, and mends it when told to look', async () => {
    await docker.getContainer('docker-dev-postgresql').kill();
    expect(await driftOf('postgresql')).toContain('drifted container docker-dev-postgresql is exited');
    const mended = await workspace.run('apply', '--all', '--json');
    expect(mended.statuses()['docker/dev/postgresql']).toBe('applied');
    await answersAgain();
  });

  it('comes back with its data after the engine is killed with all that it runs', async () => {
    await server.kill();
    const without = await workspace.run('apply', '--all', '--json');
    expect(without.output).toMatch(/No Docker engine answers at unix:.*(refused|no such socket)/);
    await server.restart();
    await answersAgain();
    expect(python.run('read_back.py', login, logged.run, logged.model)).toEqual(logged);
    await applied('unchanged');
    proofs.add('data-kept');
  });

  it('asks before it destroys', async () => {
    const destroyed = await workspace.run('destroy', '-c', 'dev', '--json');
    expect(destroyed.code).not.toBe(0);
    expect(destroyed.output).toContain('--yes');
    expect(await answers()).toBe(true);
  });

  it('leaves nothing but its data when destroyed', async () => {
    const destroyed = await workspace.run('destroy', '-c', 'dev', '--yes', '--json');
    succeeded(destroyed);
    expect(destroyed.statuses()).toEqual(all('destroyed'));
    expect(await containers()).toEqual([]);
    expect(await networks()).toEqual([]);
    expect(await volumes()).toEqual(['docker-dev-postgresql-data', 'docker-dev-versitygw-data']);
    expect(JSON.stringify(destroyed.result())).toContain('--purge');
  });

  itInFull('says who has the port, before the stack has any container', async () => {
    const port = workspace.ports[5510]!;
    const holder = await listen(port);
    try {
      await workspace.run('apply', '--json');
      await refused(
        workspace,
        new RegExp(
          `Port ${port} of 127\\.0\\.0\\.1, on which docker-dev-mlflow .* is in use by the process \\S+ \\(${process.pid}\\)`,
        ),
        [
          'docker-dev-postgresql',
          'docker-dev-postgresql-files',
          'docker-dev-versitygw',
          'docker-dev-versitygw-files',
        ],
      );
    } finally {
      holder.close();
    }
  });

  itInFull('leaves a container alone that has the name of one of its own', async () => {
    const made = await docker.createContainer({
      name: 'docker-dev-mlflow',
      Image: `${server.registry}/docker.io/library/postgres:18.4-bookworm`,
    });
    try {
      const run = await workspace.run('apply', '--json');
      expect(run.code).not.toBe(0);
      expect(run.output).toMatch(
        /The container docker-dev-mlflow is there already, and belongs to somebody else: it has no label of mlterra\./,
      );
      expect((await made.inspect()).Name).toBe('/docker-dev-mlflow');
    } finally {
      await made.remove({ force: true, v: true });
    }
  });

  if (isFull) {
    it.each(killMoments())('converges after a run is killed %i ms after its start', async (milliseconds) => {
      succeeded(await workspace.run('destroy', '-c', 'dev', '--yes', '--json'));
      await workspace.runAndKill(milliseconds, 'apply', '--json');
      succeeded(await workspace.run('apply', '--json'));
      const { services } = (await workspace.run('output', '--json')).result();
      login = {
        ...login,
        password: readPassword(services!.find(({ name }) => name === 'mlflow')!.passwordFile),
      };
      await answersAgain();
      await applied('unchanged');
      expect((await workspace.run('drift', '-c', 'dev', '--json')).statuses()).toEqual(all('in-sync'));
    });
  }

  it('gives up its data when told to', async () => {
    const purged = await workspace.run('destroy', '-c', 'dev', '--yes', '--purge', '--json');
    succeeded(purged);
    expect(await containers()).toEqual([]);
    expect(await networks()).toEqual([]);
    expect(await volumes()).toEqual([]);
  });

  itInFull('leaves nothing when it is destroyed in the middle of an apply', async () => {
    await workspace.runAndKill(9_000, 'apply', '--json');
    succeeded(await workspace.run('destroy', '-c', 'dev', '--yes', '--purge', '--json'));
    expect(await containers()).toEqual([]);
    expect(await networks()).toEqual([]);
    expect(await volumes()).toEqual([]);
  });
});

/** Docker's own client, as a person would use it. */
function run(server: DockerServer, ...args: readonly string[]): string {
  const { stdout, stderr, status } = spawnSync('/usr/bin/docker', [...args], {
    encoding: 'utf8',
    env: { ...process.env, DOCKER_HOST: server.host },
  });
  if (status !== 0) throw new Error(stderr);
  return stdout.trim();
}

function listen(port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    const holder = createServer();
    holder.once('error', reject);
    holder.listen(port, '127.0.0.1', () => resolve(holder));
  });
}

/** Runs the command that prints a password. */
function readPassword(command: string): string {
  const [program, ...args] = command.split(' ');
  return execFileSync(program!, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
}
