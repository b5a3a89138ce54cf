import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { succeeded, TemporaryWorkspace, until } from '@mlterra/e2e';
import {
  ensureImages,
  providerMirror,
  startDocker,
  terraformCliConfig,
  type DockerServer,
} from '@mlterra/testbed';
import * as terratest from '@mlterra/terratest-wrapper';

const SERVER = 'docker-dev-postgresql';
const DUMP = 'docker-dev-postgresql-backup';
const UPLOAD = 'docker-dev-postgresql-backup-upload';
const RCLONE = 'docker.io/rclone/rclone:1.72.0';

/** What a backup of one database is asked for and given back by. */
const BACKUP = '/etc/mlterra/postgresql-backup.sh';
const RESTORE = '/etc/mlterra/postgresql-restore.sh';

/** Two databases, and a server with backups. */
const SOURCE = `import { defineEnvironment, localState } from '@mlterra/core';
import { DockerEngine } from '@mlterra/docker';
import { Postgresql } from '@mlterra/postgresql';
import { Versitygw } from '@mlterra/versitygw';

export default defineEnvironment({
  name: 'docker',
  backend: localState(),
  stages: { dev: { profile: 'development', settings: undefined } },
  build(stage) {
    const platform = new DockerEngine(stage.stack('engine'), 'engine');
    const objects = new Versitygw(stage.stack('versitygw'), 'versitygw', { platform });
    const stack = stage.stack('postgresql');
    const store = objects.addObjectStore(stack, 'backups');
    const encryptionKey = platform.generateSecret(stack, 'BackupKey');
    const database = new Postgresql(stack, 'postgresql', { platform, backups: { store, encryptionKey } });
    const notes = stage.stack('notes');
    for (const name of ['notes', 'wiki']) database.addDatabase(notes, name, { name });
  },
});
`;

interface Answer {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** The scripts are tested in containers by the module's own spec; here they run as Terraform makes them. */
const inFull = process.env.MLTERRA_TEST_FULL ? describe : describe.skip;

/** The stages below build on each other: one life of a server and of its backups. */
inFull('backups of PostgreSQL, on a real engine', () => {
  let server: DockerServer;
  let workspace: TemporaryWorkspace;
  let first: string;

  beforeAll(async () => {
    terratest.cleanup(() => server?.stop());
    terratest.cleanup(() => workspace?.remove());
    await ensureImages([RCLONE]);
    process.env.TF_CLI_CONFIG_FILE = await terraformCliConfig('docker', 'random');
    server = await startDocker();
    workspace = await TemporaryWorkspace.create({
      environmentDir: join(__dirname, '..'),
      change: () => SOURCE,
      env: {
        DOCKER_HOST: server.host,
        MLTERRA_IMAGE_MIRROR: server.registry,
        TF_CLI_CONFIG_FILE: process.env.TF_CLI_CONFIG_FILE,
      },
    });
    const platform = `linux_${process.arch === 'x64' ? 'amd64' : process.arch}`;
    succeeded(
      await workspace.run(
        ...['providers', 'lock', 'docker'],
        ...['--mirror', providerMirror('docker'), '--platform', platform],
      ),
    );
    succeeded(await workspace.run('apply', '--json'));
  });

  const docker = (args: readonly string[], input?: Buffer): Answer & { readonly bytes: Buffer } => {
    const { status, stdout, stderr } = spawnSync('docker', ['--host', server.host, ...args], {
      ...(input === undefined ? {} : { input }),
      maxBuffer: 64 * 1024 * 1024,
    });
    return { code: status, out: stdout.toString().trim(), err: stderr.toString().trim(), bytes: stdout };
  };
  const backup = (...args: readonly string[]) => docker(['exec', UPLOAD, 'sh', BACKUP, ...args]);
  const restore = (dump: Buffer, ...args: readonly string[]) =>
    docker(['exec', '-i', SERVER, 'sh', RESTORE, ...args], dump);
  /** As the administrator, in the container of the server. */
  const query = (database: string, sql: string): string => {
    const { code, out, err } = docker([
      ...['exec', SERVER, 'sh', '-c'],
      'PGPASSWORD=$(cat /run/mlterra/postgresql-password) exec psql -X -A -t -h 127.0.0.1 -v ON_ERROR_STOP=1 -d "$1" -c "$2"',
      ...['psql', database, sql],
    ]);
    if (code !== 0) throw new Error(err);
    return out;
  };
  const health = (name: string): string =>
    docker(['inspect', '--format', '{{.State.Health.Status}}', name]).out;

  it('has a role for dumps that reads everything and changes nothing', () => {
    for (const database of ['notes', 'wiki']) {
      query(database, `SET ROLE ${database}; CREATE TABLE kept (id int PRIMARY KEY, text text)`);
      query(database, `SET ROLE ${database}; INSERT INTO kept VALUES (1, 'ünë $HOME')`);
    }
    const asDump = (sql: string): Answer =>
      docker(['exec', DUMP, 'psql', '-X', '-A', '-t', '-d', 'notes', '-c', sql]);
    expect(asDump('SELECT text FROM kept').out).toBe('ünë $HOME');
    expect(asDump('DELETE FROM kept').err).toContain('permission denied for table kept');
    expect(asDump('CREATE ROLE other').err).toContain('permission denied to create role');
  });

  it('makes a backup when it is asked, and lists it with its databases', () => {
    const { code, out, err } = backup('now');
    expect([code, err]).toEqual([0, '']);
    first = out;
    expect(first).toMatch(/^\d{8}T\d{6}Z$/);
    expect(backup('list').out.split('\n').at(-1)).toBe(`${first} notes postgres wiki`);
    expect([health(DUMP), health(UPLOAD)]).toEqual(['healthy', 'healthy']);
  });

  it('holds no password of a role, and nothing that can be read in the store', () => {
    const roles = backup('cat', 'latest', 'globals').out;
    expect(roles).toContain('CREATE ROLE notes');
    expect(roles).not.toMatch(/PASSWORD|SCRAM/);
    const inStore = (command: string): string =>
      docker(['exec', 'docker-dev-versitygw', 'sh', '-c', command]).out;
    expect(inStore(`find /data/objects -path '*${first}/*' -type f`)).toContain('/notes.dump.bin');
    expect(inStore('grep -rlE "kept|CREATE ROLE|PGDMP" /data/objects')).toBe('');
  });

  it('refuses to overwrite a database without a word, and to make one for nobody', () => {
    const dump = backup('cat', first, 'notes').bytes;
    expect(restore(dump, 'notes')).toMatchObject({
      code: 1,
      err: 'The database notes is there already: name another one, or add --overwrite to replace it.',
    });
    expect(restore(dump, 'checked')).toMatchObject({
      code: 1,
      err: expect.stringContaining('There is no user checked'),
    });
    expect(backup('cat', first, 'nothing').err).toContain(`The backup ${first} has no database "nothing"`);
    expect(backup('cat', '20000101T000000Z', 'notes').err).toContain('There is no backup "20000101T000000Z"');
  });

  it('restores a database that was dropped: rows, owner, and nobody else gets in', () => {
    query('postgres', 'DROP DATABASE notes WITH (FORCE)');
    const { code, err } = restore(backup('cat', 'latest', 'notes').bytes, 'notes');
    expect([code, err]).toEqual([0, 'Restored notes, which belongs to notes.']);
    expect(query('notes', 'SELECT id, text FROM kept')).toBe('1|ünë $HOME');
    expect(query('notes', "SELECT tableowner FROM pg_tables WHERE tablename = 'kept'")).toBe('notes');
    expect(query('postgres', "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'notes'")).toBe(
      'notes',
    );
    const may = (user: string, database: string): string =>
      query('postgres', `SELECT has_database_privilege('${user}', '${database}', 'CONNECT')`);
    expect([may('notes', 'notes'), may('wiki', 'notes'), may('notes', 'wiki')]).toEqual(['t', 'f', 'f']);
    expect(may('mlterra_backup', 'notes')).toBe('t');
  });

  it('replaces a database when told to, and keeps what it was', () => {
    query('notes', "INSERT INTO kept VALUES (2, 'later')");
    const { code, err } = restore(backup('cat', first, 'notes').bytes, 'notes', '--overwrite');
    expect(code).toBe(0);
    const kept = /is kept as (notes_before_\d+), closed to connections/.exec(err)![1]!;
    expect(query('notes', 'SELECT count(*) FROM kept')).toBe('1');
    expect(query('postgres', `SELECT datallowconn FROM pg_database WHERE datname = '${kept}'`)).toBe('f');
  });

  it('leaves all as it was when a dump is damaged', () => {
    const dump = backup('cat', first, 'wiki').bytes;
    const before = query('postgres', 'SELECT count(*) FROM pg_database');
    expect(restore(dump.subarray(0, dump.length - 200), 'wiki', '--overwrite').code).not.toBe(0);
    expect(query('wiki', 'SELECT text FROM kept')).toBe('ünë $HOME');
    expect(query('postgres', 'SELECT count(*) FROM pg_database')).toBe(before);
  });

  it('says so when it fails: nobody takes an old backup for a new one', async () => {
    query('postgres', 'REVOKE CONNECT ON DATABASE wiki FROM mlterra_backup');
    const { code, err } = backup('now');
    expect([code, err]).toEqual([1, expect.stringContaining('see the log of dump')]);
    expect(docker(['logs', DUMP]).err).toContain('Backup failed: the database wiki');
    await until('the container is unhealthy', () => health(DUMP) === 'unhealthy');
    expect(backup('list').out.split('\n').at(-1)).toMatch(new RegExp(`^${first} `));
  });
});
