import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { catalogue, imageName } from '@mlterra/catalogue';
import { canRunDocker, ensureImages, hasImages, startDocker, type DockerServer } from '@mlterra/testbed';
import { CREATE_PATH, CREATE_SCRIPT, CREATE_SQL, SQL_PATH } from '../database-script';
import { PASSWORD_PATH, START_PATH, START_SCRIPT, VOLUME_PATH } from '../start-script';
import { POSTGRESQL_IMAGE, RCLONE_IMAGE } from '../versions';
import { DUMP_SCRIPT } from './dump-script';
import { HEALTH_SCRIPT } from './health-script';
import { BACKUP_VOLUME, DUMP_PATH, HEALTH_PATH, ROLE_PATH, UPLOAD_PATH } from './paths';
import { RESTORE_PATH, RESTORE_SCRIPT } from './restore-script';
import { ROLE_SQL } from './role-script';
import { UPLOAD_SCRIPT } from './upload-script';

jest.setTimeout(600_000);

const S3_IMAGE = imageName(catalogue.versitygw.images.server);
const IMAGES = [POSTGRESQL_IMAGE, S3_IMAGE, RCLONE_IMAGE];

/** Images that are missing take minutes to make. */
const canRun = canRunDocker() && (hasImages(IMAGES) || process.env.MLTERRA_TEST_FULL);

const itInFull = process.env.MLTERRA_TEST_FULL ? it : it.skip;

/** What the containers have, by path. */
const FILES: Readonly<Record<string, string>> = {
  [START_PATH]: START_SCRIPT,
  [PASSWORD_PATH]: 'first',
  [RESTORE_PATH]: RESTORE_SCRIPT,
  [CREATE_PATH]: CREATE_SCRIPT,
  [SQL_PATH]: CREATE_SQL,
  [ROLE_PATH]: ROLE_SQL,
  [DUMP_PATH]: DUMP_SCRIPT,
  [UPLOAD_PATH]: UPLOAD_SCRIPT,
  [HEALTH_PATH]: HEALTH_SCRIPT,
};

interface Answer {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
  readonly bytes: Buffer;
}

/** The tests build on each other: one life of a server and of its backups, as a platform of containers runs them. */
(canRun ? describe : describe.skip)('backups of a server, in its images on a real engine', () => {
  const prefix = `mlterra-backup-${process.pid}`;
  const names = {
    s3: `${prefix}-s3`,
    server: `${prefix}-server`,
    dump: `${prefix}-dump`,
    upload: `${prefix}-upload`,
  };
  const volumes = ['data', 'backups'].map((name) => `${prefix}-${name}`);
  let engine: DockerServer;
  let folder: string;
  let first: string;

  const docker = (args: readonly string[], input?: Buffer): Answer => {
    const { status, stdout, stderr } = spawnSync('docker', args, {
      env: { ...process.env, DOCKER_HOST: engine.host },
      maxBuffer: 64 * 1024 * 1024,
      ...(input === undefined ? {} : { input }),
    });
    return { code: status, out: stdout.toString().trim(), err: stderr.toString().trim(), bytes: stdout };
  };
  const must = (args: readonly string[]): string => {
    const { code, out, err } = docker(args);
    if (code !== 0) throw new Error(`docker ${args.join(' ')}: ${err}`);
    return out;
  };
  /** As an ordinary user, without privileges, on a root that is read-only. */
  const run = (
    image: string,
    variables: Readonly<Record<string, string>>,
    options: readonly string[],
    command: readonly string[],
  ): string =>
    must([
      ...[
        'run',
        '--init',
        '--read-only',
        '--tmpfs',
        '/tmp:mode=1777',
        '--network',
        prefix,
        '--user',
        '999:999',
      ],
      ...['--cap-drop', 'ALL', '--security-opt', 'no-new-privileges'],
      ...Object.entries({ HOME: '/tmp', ...variables }).flatMap(([name, value]) => [
        '--env',
        `${name}=${value}`,
      ]),
      ...Object.keys(FILES).flatMap((path) => ['--volume', `${join(folder, basename(path))}:${path}:ro`]),
      ...options,
      ...['--entrypoint', command[0]!, `${engine.registry}/${image}`, ...command.slice(1)],
    ]);
  const login = {
    PGHOST: names.server,
    PGPORT: '5432',
    PGDATABASE: 'postgres',
    PGCONNECT_TIMEOUT: '5',
    WAIT_SECONDS: '60',
  };
  const task = (sql: string, variables: Readonly<Record<string, string>>): string =>
    run(
      POSTGRESQL_IMAGE,
      { ...login, PGUSER: 'postgres', PGPASSWORD: 'first', ...variables },
      ['--rm'],
      ['sh', CREATE_PATH, sql],
    );
  const addDatabase = (name: string): string =>
    task(SQL_PATH, {
      DATABASE_NAME: name,
      DATABASE_PASSWORD: name,
      DATABASE_MARK: `mlterra: demo/dev/${name}`,
    });
  const backup = (...args: readonly string[]): Answer =>
    docker(['exec', names.upload, 'sh', UPLOAD_PATH, ...args]);
  const restore = (dump: Buffer, ...args: readonly string[]): Answer =>
    docker(['exec', '-i', names.server, 'sh', RESTORE_PATH, ...args], dump);
  const query = (database: string, sql: string, user = 'postgres', password = 'first'): string => {
    const { out, err } = docker([
      ...['exec', '--env', `PGPASSWORD=${password}`, names.server],
      ...['psql', '-X', '-A', '-t', '-q', '-h', '127.0.0.1', '-U', user, '-d', database, '-c', sql],
    ]);
    return out + err;
  };
  const isWell = (program: 'dump' | 'upload'): boolean =>
    docker(['exec', names[program], 'sh', HEALTH_PATH, program]).code === 0;
  const until = async (condition: () => boolean): Promise<void> => {
    for (let tries = 0; !condition(); tries++) {
      if (tries === 240)
        throw new Error(
          Object.values(names)
            .map((name) => docker(['logs', '--tail', '20', name]).err)
            .join('\n'),
        );
      await delay(250);
    }
  };

  beforeAll(async () => {
    await ensureImages(IMAGES);
    engine = await startDocker();
    folder = mkdtempSync(join(tmpdir(), 'mlterra-backup-'));
    chmodSync(folder, 0o755);
    for (const [path, text] of Object.entries(FILES)) writeFileSync(join(folder, basename(path)), text);
    must(['network', 'create', prefix]);
    for (const volume of volumes) {
      must([
        'run',
        '--rm',
        '--volume',
        `${volume}:/volume`,
        '--entrypoint',
        'chown',
        `${engine.registry}/${POSTGRESQL_IMAGE}`,
        '999:999',
        '/volume',
      ]);
    }
    const keys = { ROOT_ACCESS_KEY_ID: 'backups', ROOT_SECRET_ACCESS_KEY: 'key0123456789' };
    run(
      S3_IMAGE,
      keys,
      ['--detach', '--name', names.s3, '--tmpfs', '/data:mode=1777'],
      ['sh', '-c', 'mkdir /data/backups && exec versitygw --port 0.0.0.0:7070 --quiet posix /data'],
    );
    const variables = { PGDATA: `${VOLUME_PATH}/18/docker`, PGUSER: 'postgres', PGPORT: '5432' };
    const settings = ['listen_addresses=*', 'unix_socket_directories=/tmp', 'shared_buffers=16MB'];
    run(
      POSTGRESQL_IMAGE,
      variables,
      ['--detach', '--name', names.server, '--volume', `${volumes[0]}:${VOLUME_PATH}`],
      ['sh', START_PATH, PASSWORD_PATH, ...settings.flatMap((setting) => ['-c', setting])],
    );
    addDatabase('notes');
    task(ROLE_PATH, { BACKUP_PASSWORD: 'dumper', BACKUP_MARK: 'mlterra: demo/dev/postgresql' });
    addDatabase('wiki');
    const times = { EVERY_HOURS: '24', RETENTION_DAYS: '1', WAIT_SECONDS: '60', PAUSE_SECONDS: '1' };
    const volume = ['--volume', `${volumes[1]}:${BACKUP_VOLUME}`];
    run(
      POSTGRESQL_IMAGE,
      { ...login, ...times, PGUSER: 'mlterra_backup', PGPASSWORD: 'dumper' },
      ['--detach', '--name', names.dump, ...volume],
      ['sh', DUMP_PATH],
    );
    run(
      RCLONE_IMAGE,
      {
        ...times,
        AWS_REGION: 'us-east-1',
        AWS_ACCESS_KEY_ID: keys.ROOT_ACCESS_KEY_ID,
        AWS_SECRET_ACCESS_KEY: keys.ROOT_SECRET_ACCESS_KEY,
        STORE_URI: 's3://backups',
        STORE_ENDPOINT: `http://${names.s3}:7070`,
        PREFIX: 'postgresql/dev',
        ENCRYPTION_KEY: 'a key',
      },
      ['--detach', '--name', names.upload, ...volume],
      ['sh', UPLOAD_PATH, 'run'],
    );
    for (const name of ['notes', 'wiki']) {
      query(
        name,
        "CREATE TABLE kept (id int PRIMARY KEY, text text); INSERT INTO kept VALUES (1, 'ünë $HOME')",
        name,
        name,
      );
    }
    await until(() => backup('list').out !== '');
  });

  afterAll(async () => {
    if (engine === undefined) return;
    docker(['rm', '--force', '--volumes', ...Object.values(names)]);
    docker(['volume', 'rm', '--force', ...volumes]);
    docker(['network', 'rm', prefix]);
    await engine.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('are made by a role that reads everything and changes nothing', () => {
    expect(query('notes', 'SELECT text FROM kept', 'mlterra_backup', 'dumper')).toBe('ünë $HOME');
    expect(query('wiki', 'DELETE FROM kept', 'mlterra_backup', 'dumper')).toContain(
      'permission denied for table kept',
    );
    expect(query('wiki', 'CREATE ROLE x', 'mlterra_backup', 'dumper')).toContain(
      'permission denied to create role',
    );
  });

  it('are made when one asks, and listed with their databases', () => {
    const { code, out } = backup('now');
    expect([code, out]).toEqual([0, expect.stringMatching(/^\d{8}T\d{6}Z$/)]);
    first = out;
    expect(backup('list').out.split('\n').at(-1)).toBe(`${first} notes postgres wiki`);
    expect([isWell('dump'), isWell('upload')]).toEqual([true, true]);
  });

  it('hold no password of a role, and are not readable in the store', () => {
    const { out } = backup('cat', 'latest', 'globals');
    expect(out).toContain('CREATE ROLE notes');
    expect(out).not.toMatch(/PASSWORD|SCRAM/);
    const inStore = (command: string): string => docker(['exec', names.s3, 'sh', '-c', command]).out;
    expect(inStore('find /data/backups -type f')).toContain(`${first}/notes.dump.bin`);
    expect(inStore('grep -rlE "kept|CREATE ROLE|PGDMP" /data/backups')).toBe('');
  });

  it('are not restored over a database without a word, nor for nobody', () => {
    const dump = backup('cat', first, 'notes').bytes;
    expect(restore(dump, 'notes')).toMatchObject({
      code: 1,
      err: 'The database notes is there already: name another one, or add --overwrite to replace it.',
    });
    expect(restore(dump, 'checked').err).toContain('There is no user checked to own the database');
    expect(backup('cat', first, 'nothing').err).toContain(`The backup ${first} has no database "nothing"`);
    expect(backup('cat', '20000101T000000Z', 'notes').err).toContain('There is no backup "20000101T000000Z"');
  });

  it('bring a dropped database back: rows, owner, and nobody else gets in', () => {
    query('postgres', 'DROP DATABASE notes WITH (FORCE)');
    const { code, err } = restore(backup('cat', 'latest', 'notes').bytes, 'notes');
    expect([code, err]).toEqual([0, 'Restored notes, which belongs to notes.']);
    expect(query('notes', 'SELECT id, text FROM kept', 'notes', 'notes')).toBe('1|ünë $HOME');
    expect(query('notes', 'ALTER TABLE kept ADD more int', 'notes', 'notes')).toBe('');
    expect(query('wiki', 'SELECT 1', 'notes', 'notes')).toContain('permission denied for database "wiki"');
    expect(query('notes', 'SELECT 1', 'wiki', 'wiki')).toContain('permission denied for database "notes"');
    expect(query('notes', 'SELECT id FROM kept', 'mlterra_backup', 'dumper')).toBe('1');
  });

  itInFull('replace a database when told to, and keep what it was', () => {
    query('notes', "INSERT INTO kept VALUES (2, 'later')");
    const { code, err } = restore(backup('cat', first, 'notes').bytes, 'notes', '--overwrite');
    expect([code, query('notes', 'SELECT count(*) FROM kept')]).toEqual([0, '1']);
    const kept = /is kept as (notes_before_\d+), closed/.exec(err)![1]!;
    expect(query('postgres', `SELECT datallowconn FROM pg_database WHERE datname = '${kept}'`)).toBe('f');
  });

  itInFull('leave all as it was when a dump is damaged', () => {
    const dump = backup('cat', first, 'wiki').bytes;
    const databases = (): string =>
      query('postgres', 'SELECT string_agg(datname, $$ $$ ORDER BY 1) FROM pg_database');
    const before = databases();
    expect(restore(dump.subarray(0, dump.length - 100), 'wiki', '--overwrite').code).toBe(1);
    expect([databases(), query('wiki', 'SELECT text FROM kept')]).toEqual([before, 'ünë $HOME']);
  });

  itInFull('are seen to fail, and are tried again', async () => {
    query('postgres', 'REVOKE CONNECT ON DATABASE wiki FROM mlterra_backup');
    const { code, err } = backup('now');
    expect([code, err]).toEqual([1, expect.stringContaining('see the log of dump')]);
    expect([isWell('dump'), docker(['logs', names.dump]).err]).toEqual([
      false,
      expect.stringContaining('Backup failed: the database wiki'),
    ]);
    expect(backup('list').out.split('\n').at(-1)).toContain(first);
    query('postgres', 'GRANT CONNECT ON DATABASE wiki TO mlterra_backup');
    await until(() => isWell('dump'));
  });

  itInFull('go when they are too old, the newest never', async () => {
    const old = '20000101T000000Z';
    must([
      'exec',
      names.s3,
      'cp',
      '-r',
      `/data/backups/postgresql/dev/${first}`,
      `/data/backups/postgresql/dev/${old}`,
    ]);
    expect(backup('list').out).toContain(`${old} notes postgres wiki`);
    const { out } = backup('now');
    await until(() => !backup('list').out.includes(old));
    expect(backup('list').out.split('\n').at(-1)).toBe(`${out} notes postgres wiki`);
  });
});
