import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { copyPostgres, freePort } from '@mlterra/testbed';
import { DUMP_SCRIPT } from './backup/dump-script';
import { BACKUP_VOLUME } from './backup/paths';
import { ROLE_SQL } from './backup/role-script';
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
    writeFileSync(join(folder, 'role.sql'), ROLE_SQL);
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

  function create(name: string, password: string, more: NodeJS.ProcessEnv = {}, sql = 'create.sql') {
    const env = {
      ...login('postgres', 'first', 'postgres'),
      DATABASE_NAME: name,
      DATABASE_PASSWORD: password,
      DATABASE_MARK: 'mlterra: demo/dev/notes',
      WAIT_SECONDS: '1',
      ...more,
    };
    return spawnSync('sh', [join(folder, 'create.sh'), join(folder, sql)], {
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

  it('dump a database soon after it was made, and are content otherwise', async () => {
    const administrator = login('postgres', 'first', 'postgres');
    const role = { BACKUP_PASSWORD: 'dumper', BACKUP_MARK: 'mlterra: demo/dev/postgresql' };
    expect(create('', '', role, 'role.sql').stderr).toBe('');
    const backups = join(folder, 'backups');
    const programs = join(folder, 'programs');
    for (const path of [backups, programs]) mkdirSync(path);
    // Those of this machine may be older than the server, and refuse it.
    const program = '#!/bin/sh\nfor a; do case $a in --file=*) echo "$@" >"${a#--file=}" ;; esac; done\n';
    for (const name of ['pg_dump', 'pg_dumpall'])
      writeFileSync(join(programs, name), program, { mode: 0o755 });
    writeFileSync(
      join(folder, 'dump.sh'),
      DUMP_SCRIPT.replaceAll(BACKUP_VOLUME, backups)
        .replace('/tmp/ready', join(folder, 'ready'))
        .replace('pause=2', 'pause=0.1'),
    );
    const dumping = spawn('sh', [join(folder, 'dump.sh')], {
      env: {
        ...login('mlterra_backup', 'dumper', 'postgres'),
        PATH: `${programs}:${process.env['PATH']}`,
        EVERY_HOURS: '24',
        WAIT_SECONDS: '10',
        PAUSE_SECONDS: '0',
      },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const closed = once(dumping, 'close');
    const outgoing = (): readonly string[] => readdirSync(join(backups, 'outgoing'));
    /** The files of the next dump, which then goes as if it were uploaded. */
    const nextDump = async (): Promise<readonly string[]> => {
      while (!existsSync(join(backups, 'outgoing')) || outgoing().length === 0) {
        if (dumping.exitCode !== null) throw new Error('it has ended');
        await delay(50);
      }
      const [id] = outgoing();
      const files = readdirSync(join(backups, 'outgoing', id!));
      rmSync(join(backups, 'outgoing', id!), { recursive: true });
      return files.filter((file) => file.endsWith('.dump')).sort();
    };
    /** Until it has looked for new databases from beginning to end. */
    const looks = async (): Promise<void> => {
      const time = (): number =>
        statSync(join(backups, 'work', 'present'), { throwIfNoEntry: false })?.mtimeMs ?? 0;
      for (let look = 0; look < 2; look++) {
        const before = time();
        while (time() === before && dumping.exitCode === null) await delay(20);
      }
    };
    try {
      expect(await nextDump()).toEqual(['archive.dump', 'notes.dump', 'postgres.dump']);
      query(administrator, 'create database half allow_connections false');
      query(administrator, 'revoke all on database half from public');
      query(administrator, 'alter database half allow_connections true');
      await looks();
      expect(outgoing()).toEqual([]);
      query(administrator, 'drop database half');
      expect(create('later', 'later').stderr).toBe('');
      expect(await nextDump()).toEqual(['archive.dump', 'later.dump', 'notes.dump', 'postgres.dump']);
      await looks();
      expect(outgoing()).toEqual([]);
    } finally {
      dumping.kill('SIGTERM');
      await closed;
    }
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
