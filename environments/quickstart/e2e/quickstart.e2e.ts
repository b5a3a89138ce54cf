import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import {
  isFree,
  kill,
  Proofs,
  PythonClient,
  succeeded,
  TemporaryWorkspace,
  until,
  type Found,
  type Login,
} from '@mlterra/e2e';
import { MLFLOW_VERSION } from '@mlterra/mlflow';

const DEV = ['quickstart/dev/postgresql', 'quickstart/dev/mlflow'];
const all = (status: string): Record<string, string> => Object.fromEntries(DEV.map((key) => [key, status]));

const isFull = process.env.MLTERRA_TEST_FULL === '1';
const itInFull = isFull ? it : it.skip;
/** How often a run is killed; without all tests that of the engine is, and the reconciler of the host. */
const KILLS = 10;
const seed = Number(process.env.MLTERRA_TEST_SEED ?? Math.abs(jest.getSeed()));

/** What must be seen of each tool before it counts as running on a host, in the words of the contract suites. */
const NEEDED = {
  mlflow: [
    'programs',
    'services',
    'login',
    'database-url',
    'object-store',
    'credentials-by-reference',
    'reachable',
    'data-kept',
  ],
  postgresql: ['server', 'services', 'credentials-by-reference', 'reachable', 'data-kept'],
};

/** Moments of an apply, in milliseconds from its start: one in each equal part of it. */
function killMoments(): number[] {
  let state = seed;
  return Array.from({ length: KILLS }, (_, part) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.round(300 + ((part + state / 2_147_483_648) / KILLS) * 9_000);
  });
}

/** The stages below build on each other: one life of an environment, from the first apply to the purge. */
describe('the quickstart, brought up for real', () => {
  let workspace: TemporaryWorkspace;
  let python: PythonClient;
  let login: Login;
  let logged: Found;
  const proofs = new Proofs({ provider: 'host', way: 'iaas', needed: NEEDED });

  const status = async (headers: Record<string, string> = {}): Promise<number> =>
    (await fetch(`${login.url}/api/2.0/mlflow/experiments/search?max_results=1`, { headers })).status;
  const basic = ({ username, password }: Omit<Login, 'url'>): Record<string, string> => ({
    authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`,
  });
  const devStatuses = (statuses: Record<string, string>): Record<string, string> =>
    Object.fromEntries(Object.entries(statuses).filter(([key]) => DEV.includes(key)));
  const server = (): { pid: number } | undefined =>
    workspace.processes().find(({ command }) => /python\S* \S*\/bin\/mlflow server/.test(command));
  const answers = async (): Promise<boolean> => {
    try {
      return (await status(basic(login))) === 200;
    } catch {
      return false;
    }
  };

  beforeAll(async () => {
    workspace = await TemporaryWorkspace.create({ environmentDir: join(__dirname, '..') });
    python = new PythonClient(MLFLOW_VERSION);
  });

  afterAll(() => {
    proofs.record();
    workspace?.remove();
  });

  it('is applied by one command, prod excepted', async () => {
    const run = await workspace.run('apply', '--json');
    expect(run.output).toContain('quickstart/dev/mlflow');
    expect(devStatuses(run.statuses())).toEqual(all('applied'));
    expect(JSON.stringify(run.result())).toContain('needs -c prod');
    succeeded(run);
  });

  it('says where its services are and where the passwords lie', async () => {
    const { services } = (await workspace.run('output', '--json')).result();
    expect(services!.map(({ stage, name, url, username }) => ({ stage, name, url, username }))).toEqual(
      expect.arrayContaining([
        { stage: 'dev', name: 'mlflow', url: `http://127.0.0.1:${workspace.ports[5500]}`, username: 'admin' },
        {
          stage: 'dev',
          name: 'postgresql',
          url: `postgresql://127.0.0.1:${workspace.ports[55432]}`,
          username: 'postgres',
        },
      ]),
    );
    const { url, username, passwordFile } = services!.find(({ name }) => name === 'mlflow')!;
    expect(statSync(passwordFile).mode & 0o777).toBe(0o600);
    login = { url, username, password: readFileSync(passwordFile, 'utf8') };
    expect(login.password).toMatch(/^[A-Za-z0-9]{32}$/);
    proofs.add('services');
  });

  it('lets nobody in without credentials', async () => {
    expect(await status()).toBe(401);
    expect(await status(basic({ username: 'admin', password: 'password1234' }))).toBe(401);
    expect(await status(basic(login))).toBe(200);
    proofs.add('programs', 'reachable', 'login');
  });

  it('answers to the names of its endpoint only', async () => {
    const local = login.url.replace('127.0.0.1', 'localhost');
    const { status: code } = await fetch(`${local}/api/2.0/mlflow/experiments/search?max_results=1`, {
      headers: basic(login),
    });
    expect(code).toBe(200);
    const origin = { ...basic(login), origin: 'http://evil.example', 'content-type': 'application/json' };
    const foreign = await fetch(`${login.url}/api/2.0/mlflow/experiments/create`, {
      method: 'POST',
      headers: origin,
      body: '{"name":"foreign"}',
    });
    expect(foreign.status).toBe(403);
  });

  it('keeps a training run with its model', () => {
    logged = python.run('train.py', login);
    expect(logged.accuracy).toBeGreaterThan(0.9);
    expect(logged.predictions).toHaveLength(150);
    proofs.add('server', 'database-url', 'object-store');
  });

  it('has its passwords in no state, no configuration and no command line', () => {
    const files = readdirSync(join(workspace.environment, '.mlterra'), {
      recursive: true,
      withFileTypes: true,
    })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
    expect(files.some((file) => file.endsWith('.tfstate'))).toBe(true);
    expect(files.filter((file) => readFileSync(file).includes(login.password))).toEqual([]);
    const commands = workspace.processes().map(({ command }) => command);
    expect(commands.some((command) => command.includes('mlflow server'))).toBe(true);
    expect(
      commands.filter((command) => command.includes(login.password) || /postgresql\S*:\/\//.test(command)),
    ).toEqual([]);
    proofs.add('credentials-by-reference');
  });

  it('runs as an ordinary user', () => {
    const owners = new Set(workspace.processes().map(({ pid }) => statSync(`/proc/${pid}`).uid));
    expect(owners.size).toBe(1);
    expect(owners.has(0)).toBe(false);
  });

  it('is unchanged when applied again', async () => {
    const run = await workspace.run('apply', '--json');
    expect(devStatuses(run.statuses())).toEqual(all('unchanged'));
    succeeded(run);
  });

  it('is in sync when looked at', async () => {
    const run = await workspace.run('drift', '-c', 'dev', '--json');
    expect(run.statuses()).toEqual(all('in-sync'));
    succeeded(run);
  });

  itInFull('restarts a process that dies', async () => {
    const before = server()!.pid;
    kill([{ ...server()!, parent: 0, command: '' }]);
    await until('another MLflow answers', async () => (server()?.pid ?? before) !== before && answers());
    expect((await workspace.run('drift', '-c', 'dev', '--json')).statuses()).toEqual(all('in-sync'));
  });

  itInFull('notices a process that somebody stopped for good, and mends it when told to look', async () => {
    const program = 'quickstart.dev.mlflow.server';
    expect(workspace.supervisorctl('stop', program)).toContain('stopped');
    const drift = await workspace.run('drift', '-c', 'dev', '--json');
    expect(drift.statuses()).toEqual({ ...all('in-sync'), 'quickstart/dev/mlflow': 'drifted' });
    expect(JSON.stringify(drift.result().stacks)).toContain('server is STOPPED');
    expect(await answers()).toBe(false);
    const mended = await workspace.run('apply', '--all', '--json');
    expect(mended.statuses()['quickstart/dev/mlflow']).toBe('applied');
    expect(await answers()).toBe(true);
  });

  it('comes back with its data after every process is lost at once', async () => {
    workspace.killEverything();
    const drift = await workspace.run('drift', '-c', 'dev', '--json');
    expect(drift.statuses()).toEqual(all('drifted'));
    const mended = await workspace.run('apply', '--all', '--json');
    succeeded(mended);
    expect(python.run('read_back.py', login, logged.run, logged.model)).toEqual(logged);
    proofs.add('data-kept');
  });

  it('asks before it destroys', async () => {
    const run = await workspace.run('destroy', '-c', 'dev', '--json');
    expect(run.code).not.toBe(0);
    expect(run.output).toContain('--yes');
    expect(await answers()).toBe(true);
  });

  it('leaves nothing running when destroyed, and keeps the data', async () => {
    const run = await workspace.run('destroy', '-c', 'dev', '--yes', '--json');
    expect(run.statuses()).toEqual(all('destroyed'));
    succeeded(run);
    expect(workspace.processes()).toEqual([]);
    expect(await isFree(workspace.ports[5500]!)).toBe(true);
    expect(await isFree(workspace.ports[55432]!)).toBe(true);
    expect(readdirSync(join(workspace.data, 'quickstart'))).toEqual(
      expect.arrayContaining(['secrets', 'volumes']),
    );
    expect(JSON.stringify(run.result())).toContain('--purge');
  });

  if (isFull) {
    it.each(killMoments())('converges after a run is killed %i ms after its start', async (milliseconds) => {
      await workspace.runAndKill(milliseconds, 'apply', '--json');
      succeeded(await workspace.run('apply', '--json'));
      expect(await answers()).toBe(true);
      expect(devStatuses((await workspace.run('apply', '--json')).statuses())).toEqual(all('unchanged'));
      expect((await workspace.run('drift', '-c', 'dev', '--json')).statuses()).toEqual(all('in-sync'));
      succeeded(await workspace.run('destroy', '-c', 'dev', '--yes'));
      expect(workspace.processes()).toEqual([]);
    });
  }

  itInFull('leaves nothing when it is destroyed in the middle of an apply', async () => {
    await workspace.runAndKill(4_000, 'apply', '--json');
    const run = await workspace.run('destroy', '-c', 'dev', '--yes', '--json');
    succeeded(run);
    expect(workspace.processes()).toEqual([]);
    expect(await isFree(workspace.ports[5500]!)).toBe(true);
    expect(await isFree(workspace.ports[55432]!)).toBe(true);
  });

  itInFull('finds the data of its earlier life again', async () => {
    succeeded(await workspace.run('apply', '--json'));
    expect(python.run('read_back.py', login, logged.run, logged.model)).toEqual(logged);
  });

  itInFull('takes a tool away only when told to, and leaves nothing of it running', async () => {
    const before = workspace.edit((source) =>
      source
        .replace(/import \{ Mlflow \}.*\n/, '')
        .replace('const database = new', 'new')
        .replace(/\n {4}const tracking = [^]*?\n {4}\}\);\n/, ''),
    );
    try {
      const reported = await workspace.run('apply', '-c', 'dev', '--json');
      expect(reported.statuses()).toEqual({
        'quickstart/dev/postgresql': 'unchanged',
        'quickstart/dev/mlflow': 'removed',
      });
      expect(await answers()).toBe(true);
      const removed = await workspace.run('apply', '-c', 'dev', '--destroy-removed', '--json');
      expect(removed.statuses()).toEqual({
        'quickstart/dev/postgresql': 'unchanged',
        'quickstart/dev/mlflow': 'destroyed',
      });
      expect(await isFree(workspace.ports[5500]!)).toBe(true);
      expect(await isFree(workspace.ports[55432]!)).toBe(false);
      expect(workspace.processes().filter(({ command }) => command.includes('mlflow'))).toEqual([]);
    } finally {
      workspace.edit(() => before);
    }
  });

  it('gives up its data when told to', async () => {
    const run = await workspace.run('destroy', '-c', 'dev', '--yes', '--purge', '--json');
    succeeded(run);
    for (const folder of ['secrets', 'volumes', 'objects', 'logs']) {
      expect([folder, existsSync(join(workspace.data, 'quickstart', folder, 'dev'))]).toEqual([
        folder,
        false,
      ]);
    }
    expect(workspace.processes()).toEqual([]);
  });
});
