import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { copyPostgres, freePort } from '@mlterra/testbed';
import { CREATE_SCRIPT, CREATE_SQL } from './database-script';
import { START_SCRIPT, VOLUME_PATH } from './start-script';

jest.setTimeout(120_000);

const has = (command: string): boolean => spawnSync(command, ['--version']).status === 0;
const canRun = process.platform === 'linux' && has('psql') && has('flock');

/** PostgreSQL refuses to run as root. */
const nobody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};

(canRun ? describe : describe.skip)('the scripts of a server in a container, on a real one', () => {
  let folder: string;
  let port: number;
  let log: string;
  let server: ChildProcess | undefined;
  const volume = (...names: string[]): string => join(folder, 'volume', ...names);

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'mlterra-postgresql-'));
    chmodSync(folder, 0o755);
    copyPostgres(folder);
    // What a killed initialisation leaves behind.
    mkdirSync(volume('18', 'docker.new', 'base'), { recursive: true });
    writeFileSync(volume('18', 'docker.new', 'PG_VERSION'), '18\n');
    for (const path of [
      volume(),
      volume('18'),
      volume('18', 'docker.new'),
      volume('18', 'docker.new', 'base'),
    ])
      if (nobody.uid !== undefined) chownSync(path, nobody.uid, nobody.gid);
    const script = START_SCRIPT.replaceAll(VOLUME_PATH, volume()).replace('flock -w 60', 'flock -w 1');
    writeFileSync(join(folder, 'start.sh'), script);
    writeFileSync(join(folder, 'create.sh'), CREATE_SCRIPT);
    writeFileSync(join(folder, 'create.sql'), CREATE_SQL);
    port = await freePort();
  });

  afterAll(async () => {
    await stop('SIGINT');
    rmSync(folder, { recursive: true, force: true });
  });

  function launch(password: string): ChildProcess {
    writeFileSync(join(folder, 'password'), password, { mode: 0o644 });
    const settings = {
      listen_addresses: '127.0.0.1',
      port,
      unix_socket_directories: '',
      shared_buffers: '16MB',
    };
    const options = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    const child = spawn('sh', [join(folder, 'start.sh'), join(folder, 'password'), ...options], {
      cwd: '/',
      env: {
        PATH: `${join(folder, 'native', 'bin')}:${process.env['PATH']}`,
        PGDATA: volume('18', 'docker'),
        PGUSER: 'postgres',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
      ...nobody,
    });
    log = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => (log += chunk.toString('utf8')));
    }
    return child;
  }

  async function start(password: string): Promise<void> {
    server = launch(password);
    while (!log.includes('database system is ready to accept connections')) {
      if (server.exitCode !== null) throw new Error(log);
      await delay(50);
    }
  }

  async function stop(signal: NodeJS.Signals): Promise<void> {
    if (server === undefined || server.exitCode !== null || server.signalCode !== null) return;
    const closed = once(server, 'close');
    server.kill(signal);
    await closed;
  }

  const login = (user: string, password: string, database: string) => ({
    PATH: process.env['PATH'],
    PGHOST: '127.0.0.1',
    PGPORT: String(port),
    PGUSER: user,
    PGPASSWORD: password,
    PGDATABASE: database,
  });

  function query(env: NodeJS.ProcessEnv, sql: string): string {
    const { stdout, stderr } = spawnSync('psql', ['-X', '-w', '-A', '-t', '-c', sql], {
      env,
      encoding: 'utf8',
    });
    return (stdout + stderr).trim();
  }

  function create(name: string, password: string, more: NodeJS.ProcessEnv = {}) {
    const env = {
      ...login('postgres', 'first', 'postgres'),
      DATABASE_NAME: name,
      DATABASE_PASSWORD: password,
      DATABASE_MARK: 'mlterra: demo/dev/notes',
      WAIT_SECONDS: '1',
      ...more,
    };
    return spawnSync('sh', [join(folder, 'create.sh'), join(folder, 'create.sql')], {
      env,
      encoding: 'utf8',
    });
  }

  it('make a server, and in it databases, each for its owner alone', async () => {
    await start('first');
    const password = `it's "quoted" $(exit) \\ %`;
    for (const name of ['notes', 'archive', 'notes']) {
      expect(create(name, password)).toMatchObject({ status: 0, stderr: '' });
    }
    expect(query(login('postgres', 'first', 'postgres'), 'show data_checksums')).toBe('on');
    const notes = login('notes', password, 'notes');
    expect(query(notes, 'create table kept (id int)')).toBe('CREATE TABLE');
    expect(query({ ...notes, PGDATABASE: 'archive' }, 'select 1')).toContain(
      'permission denied for database',
    );
    expect(query(notes, 'create database other')).toContain('permission denied to create database');
    expect(query(notes, 'create role other')).toContain('permission denied to create role');
    expect(query({ ...notes, PGPASSWORD: 'wrong' }, 'select 1')).toContain('password authentication failed');
    expect(log).not.toContain('quoted');
  });

  it('change the password of an owner, and leave the user of another stack alone', () => {
    expect(create('notes', 'changed').status).toBe(0);
    expect(query(login('notes', 'changed', 'notes'), 'select 1')).toBe('1');
    const other = create('notes', 'stolen', { DATABASE_MARK: 'mlterra: demo/prod/wiki' });
    expect(other.status).not.toBe(0);
    expect(other.stderr).toContain(
      'The user notes is there already, and belongs to the stack demo/dev/notes, not to the stack demo/prod/wiki.',
    );
    expect(query(login('notes', 'changed', 'notes'), 'select 1')).toBe('1');
  });

  it('tell why nobody could log in, once the time is over', () => {
    const { status, stderr } = create('notes', 'changed', { PGPASSWORD: 'wrong' });
    expect(status).toBe(2);
    expect(stderr).toContain('password authentication failed for user "postgres"');
  });

  it('let no second server onto the volume', async () => {
    const running = server;
    const second = launch('first');
    await once(second, 'close');
    expect(second.exitCode).toBe(1);
    expect(log).toMatch(/Another server runs on this volume\.\n$/);
    expect(running!.exitCode).toBeNull();
  });

  it('keep what is there after a kill, and follow a new password of the administrator', async () => {
    await stop('SIGKILL');
    await start('second');
    expect(query(login('notes', 'changed', 'notes'), 'select count(*) from kept')).toBe('0');
    expect(query(login('postgres', 'second', 'postgres'), 'select 1')).toBe('1');
    expect(query(login('postgres', 'first', 'postgres'), 'select 1')).toContain(
      'password authentication failed',
    );
    expect(log).not.toContain('second');
    await stop('SIGINT');
  });

  it('do not pass over the data of another major version', async () => {
    mkdirSync(volume('17', 'docker'), { recursive: true });
    writeFileSync(volume('17', 'docker', 'PG_VERSION'), '17\n');
    const refused = launch('second');
    await once(refused, 'close');
    expect(refused.exitCode).toBe(1);
    expect(log).toContain('The volume holds data of PostgreSQL 17, and this is another major version');
    expect(existsSync(volume('18', 'docker', 'postmaster.pid'))).toBe(false);
    expect(readFileSync(volume('17', 'docker', 'PG_VERSION'), 'utf8')).toBe('17\n');
  });
});
