/** @long */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { Client } from 'pg';
import { isInThisRun } from '@mlterra/testing';
import { markedProcesses } from './runtime/marked-processes';
import { portState } from './runtime/ports';
import type { DesiredDatabase, DesiredProcess } from './spec';
import { Bench, freePort, until } from './testing/bench';

jest.setTimeout(300_000);

const longTest = (name: string, test: () => Promise<void>): void => {
  if (isInThisRun(name, 4)) it.concurrent(name, test);
};

const SUPERUSER_PASSWORD = 'secrets/dev/db/superuser';

function server(port: number, changes: { majorVersion?: number } = {}): DesiredProcess {
  return {
    name: 'postgres',
    program: {
      kind: 'postgres',
      majorVersion: changes.majorVersion ?? 18,
      superuser: 'postgres',
      password: SUPERUSER_PASSWORD,
      folder: 'volumes/dev/db/server/data',
      port,
    },
    command: [],
    variables: [],
    files: [],
    volumes: [],
    ports: [{ name: 'postgres', port }],
    probe: { kind: 'tcp', port, httpPath: '', startSeconds: 60 },
    stopGraceSeconds: 60,
    logBackups: 3,
  };
}

/** The server of another stack. */
function serverOf(stack: string, port: number): DesiredProcess {
  const { program, ...rest } = server(port);
  const own = { password: `secrets/dev/${stack}/superuser`, folder: `volumes/dev/${stack}/server/data` };
  return { ...rest, program: { ...program, ...own } };
}

function database(name: string, port: number, stack: string): DesiredDatabase {
  return {
    name,
    password: `secrets/dev/${stack}/${name}`,
    host: '127.0.0.1',
    port: String(port),
    superuser: 'postgres',
    superuserPassword: SUPERUSER_PASSWORD,
  };
}

const start = (
  bench: Bench,
  port: number,
  changes?: { majorVersion?: number },
  variables?: NodeJS.ProcessEnv,
) =>
  bench.reconcile(
    'db',
    { processes: [server(port, changes)], secrets: [{ reference: SUPERUSER_PASSWORD, length: 32 }] },
    variables,
  );

const addDatabase = (bench: Bench, port: number, name: string, stack: string) =>
  bench.reconcile(stack, {
    databases: [database(name, port, stack)],
    secrets: [{ reference: `secrets/dev/${stack}/${name}`, length: 32 }],
  });

async function query(
  bench: Bench,
  port: number,
  login: { user: string; secret: string; database: string },
  sql: string,
): Promise<Record<string, unknown>[]> {
  const password = readFileSync(bench.data.absolute(login.secret), 'utf8');
  const client = new Client({
    host: '127.0.0.1',
    port,
    user: login.user,
    database: login.database,
    password,
  });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

const OWNER = { user: 'tracking', secret: 'secrets/dev/mlflow/tracking', database: 'tracking' };

describe('PostgreSQL on the host', () => {
  it.concurrent('keeps databases of other stacks, each of one owner with nothing else', () =>
    Bench.with(async (bench) => {
      const port = await freePort();
      expect(await start(bench, port)).toMatchObject({ code: 0 });
      expect(await addDatabase(bench, port, 'tracking', 'mlflow')).toMatchObject({ code: 0 });
      await query(bench, port, OWNER, 'CREATE TABLE runs (id int); INSERT INTO runs VALUES (7)');
      expect(await addDatabase(bench, port, 'tracking', 'mlflow')).toMatchObject({ code: 0 });
      expect(await query(bench, port, OWNER, 'SELECT id FROM runs')).toEqual([{ id: 7 }]);
      expect(
        await query(
          bench,
          port,
          OWNER,
          'SELECT rolsuper, rolcreatedb, rolcreaterole FROM pg_roles WHERE rolname = current_user',
        ),
      ).toEqual([{ rolsuper: false, rolcreatedb: false, rolcreaterole: false }]);

      expect(await addDatabase(bench, port, 'other', 'other')).toMatchObject({ code: 0 });
      await expect(query(bench, port, { ...OWNER, database: 'other' }, 'SELECT 1')).rejects.toThrow(
        'permission denied for database "other"',
      );
      const stolen = await addDatabase(bench, port, 'tracking', 'other');
      expect(stolen.error).toContain(
        'The user "tracking" of the PostgreSQL server belongs to the stack bench/dev/mlflow, not to the stack bench/dev/other.',
      );
      expect(bench.log('db', 'postgres')).not.toContain(
        readFileSync(bench.data.absolute(OWNER.secret), 'utf8'),
      );

      const superuser = { user: 'postgres', secret: SUPERUSER_PASSWORD, database: 'postgres' };
      const settings = await query(
        bench,
        port,
        superuser,
        `SELECT name, setting FROM pg_settings WHERE name IN
         ('listen_addresses', 'unix_socket_directories', 'data_checksums', 'server_encoding') ORDER BY name`,
      );
      expect(settings.map(({ name, setting }) => [name, setting])).toEqual([
        ['data_checksums', 'on'],
        ['listen_addresses', '127.0.0.1'],
        ['server_encoding', 'UTF8'],
        ['unix_socket_directories', ''],
      ]);
      expect(
        await query(bench, port, superuser, 'SELECT DISTINCT auth_method FROM pg_hba_file_rules'),
      ).toEqual([{ auth_method: 'scram-sha-256' }]);
    }),
  );

  longTest('brings servers of several stacks up at the same time, in a data folder that is new', () =>
    Bench.with(async (bench) => {
      const stacks = await Promise.all(
        ['a', 'b', 'c'].map(async (stack) => [stack, await freePort()] as const),
      );
      const runs = await Promise.all(
        stacks.map(([stack, port]) =>
          bench.reconcile(stack, {
            processes: [serverOf(stack, port)],
            secrets: [{ reference: `secrets/dev/${stack}/superuser`, length: 32 }],
          }),
        ),
      );
      expect(runs.map(({ code, error }) => error ?? code)).toEqual([0, 0, 0]);
      for (const [stack] of stacks) expect(await bench.probe(stack, ['postgres'])).toEqual([]);
    }),
  );

  it.concurrent('ends at once where it fails before a server is installed', () =>
    Bench.with(async (bench) => {
      const variables = { MLTERRA_PYTHON: '/nosuch/python3', MLTERRA_TOOLS_DIR: `${bench.root}/tools` };
      const run = await start(bench, await freePort(), {}, variables);
      expect(run).toMatchObject({
        code: 1,
        error: expect.stringContaining('name an interpreter in MLTERRA_PYTHON'),
      });
    }),
  );

  it.concurrent('keeps its data over a kill, a release and a new supervisor', () =>
    Bench.with(async (bench) => {
      const port = await freePort();
      // As a run leaves it that was cut off while the data folder was made.
      const draft = 'volumes/dev/db/server/data.draft';
      await bench.reconcile('db', { folders: [draft] });
      await start(bench, port);
      expect(existsSync(bench.data.absolute(draft))).toBe(false);
      await addDatabase(bench, port, 'tracking', 'mlflow');
      await query(bench, port, OWNER, 'CREATE TABLE runs (id int)');
      const name = { environment: 'bench', stage: 'dev', stack: 'db' };
      const pidFile = bench.data.path('volumes/dev/db/server/data/postmaster.pid');
      const postmaster = () => readFileSync(pidFile, 'utf8').split('\n')[0];
      const before = postmaster();
      process.kill(Number(before), 'SIGKILL');
      const runs = () => query(bench, port, OWNER, 'SELECT * FROM runs');
      await until('another one answers', () =>
        runs().then(
          () => postmaster() !== before,
          () => false,
        ),
      );

      const report = await bench.release('db');
      expect(report).toMatchObject({ released: ['process bench/dev/db/postgres'], left: [] });
      expect(report.kept[0]).toContain('volumes/dev/db');
      expect(markedProcesses(bench.data, name)).toEqual([]);
      expect(await portState(port)).toBe('free');
      const unheard = await addDatabase(bench, port, 'tracking', 'mlflow');
      expect(unheard.error).toContain(
        `The PostgreSQL server on 127.0.0.1:${port} does not let the database "tracking" be made: connect ECONNREFUSED`,
      );
      await start(bench, port);
      expect(await runs()).toEqual([]);
    }),
  );

  it.concurrent('refuses a version it does not have, and data of another version', () =>
    Bench.with(async (bench) => {
      const port = await freePort();
      const bin = `${bench.root}/bin`;
      mkdirSync(bin);
      writeFileSync(`${bin}/postgres`, '#!/bin/sh\necho "postgres (PostgreSQL) 15.1"\n', { mode: 0o755 });
      const variables = { MLTERRA_POSTGRES_BIN: bin };
      const run = await start(bench, port, {}, variables);
      expect(run.error).toContain(
        `No PostgreSQL 18 was found: the one in ${bin} is postgres (PostgreSQL) 15.1.`,
      );
      await start(bench, port);
      await bench.release('db');
      const older = await start(bench, port, { majorVersion: 15 }, variables);
      expect(older.error).toContain('is of PostgreSQL 18, the server is 15.');
    }),
  );
});
