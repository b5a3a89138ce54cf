import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '@mlterra/testbed';
import { LOCK_TIMEOUT_SECONDS, START_SCRIPT } from './start-script';
import { Databases } from './testing/databases';
import { installed } from './testing/installation';
import { Program } from './testing/program';
import { Tracking } from './testing/tracking';
import { MLFLOW_REQUIREMENTS } from './versions';

jest.setTimeout(1_200_000);

const full = Boolean(process.env.MLTERRA_TEST_FULL);
const describeInFull = full ? describe : describe.skip;

/** A release whose schemas are older; both of its databases differ. */
const OLDER = ['mlflow[auth]==3.12.0', 'psycopg2-binary==2.9.13'];
const LOCK_KEY = `x'${Buffer.from('mlterra').toString('hex')}'::bigint`;

let databases: Databases;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mlterra-mlflow-'));
  writeFileSync(join(folder, 'start.py'), START_SCRIPT);
  databases = await Databases.start();
});

afterAll(async () => {
  await databases.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Variables of a server on the databases `name` and `<name>_auth`. */
function settings(name: string, bin: string, adminPassword = 'first-password'): NodeJS.ProcessEnv {
  const config = join(folder, `${name}-${adminPassword}.ini`);
  writeFileSync(
    config,
    `[mlflow]
default_permission = NO_PERMISSIONS
database_uri = ${databases.url(`${name}_auth`)}
admin_username = admin
admin_password = ${adminPassword}
authorization_function = mlflow.server.auth:authenticate_request_basic_auth
`,
  );
  return {
    PATH: `${bin}:/usr/local/bin:/usr/bin:/bin`,
    MLFLOW_BACKEND_STORE_URI: databases.url(name),
    MLFLOW_AUTH_CONFIG_PATH: config,
    MLFLOW_FLASK_SERVER_SECRET_KEY: 'k'.repeat(32),
    MLFLOW_CRYPTO_KEK_PASSPHRASE: 'p'.repeat(32),
    MLFLOW_SERVER_ENABLE_JOB_EXECUTION: 'false',
    MLFLOW_DISABLE_TELEMETRY: 'true',
    DO_NOT_TRACK: 'true',
  };
}

/** Prepares the databases, then becomes a program that prints `served` instead of the server. */
function prepare(name: string): Program {
  const bin = installed(...MLFLOW_REQUIREMENTS);
  return new Program([join(bin, 'python'), join(folder, 'start.py'), 'echo', 'served'], settings(name, bin));
}

const count = (programs: readonly Program[], text: string): number =>
  programs.filter(({ output }) => output.includes(text)).length;

describe('the start of a server, on a real PostgreSQL', () => {
  it('makes the tables of empty databases once, however many start, and nothing at the next start', async () => {
    for (const name of ['empty', 'empty_auth']) await databases.make(name);
    const holder = await databases.connect('empty');
    await holder.query(`SELECT pg_advisory_lock(${LOCK_KEY})`);
    const starts = [prepare('empty'), prepare('empty'), prepare('empty')];
    await Promise.all(starts.map((each) => each.says('another server migrates the databases')));
    await holder.end();
    expect(await Promise.all(starts.map((each) => each.end()))).toEqual([0, 0, 0]);
    expect(count(starts, 'served')).toBe(3);
    expect(count(starts, 'migrates the tracking database from the schema (empty)')).toBe(1);
    expect(count(starts, 'migrates the database of users from the schema (empty)')).toBe(1);

    const next = prepare('empty');
    expect(await next.end()).toBe(0);
    expect(next.output).toBe('served\n');
  });

  it('refuses databases that a newer release has migrated, and changes nothing', async () => {
    await databases.query('empty', `UPDATE alembic_version SET version_num = 'fromthefuture'`);
    const before = await databases.schema('empty');
    const start = prepare('empty');
    expect(await start.end()).toBe(1);
    expect(start.output).toMatch(
      /^mlterra: the tracking database has the schema fromthefuture, which mlflow 3\.\d+\.\d+ does not know: a newer release has migrated it\./m,
    );
    expect(start.output).not.toContain('served');
    expect(await databases.schema('empty')).toEqual(before);
  });
});

describeInFull('a new release on the databases of an older one', () => {
  const admin = (port: number, password: string): Tracking =>
    new Tracking(`http://127.0.0.1:${port}`, 'admin', password);
  const ada = (port: number): Tracking => new Tracking(`http://127.0.0.1:${port}`, 'ada', 'password-of-ada');
  let run: string;
  let artifact: string;

  const serve = (name: string, bin: string, port: number, password: string, prepared: boolean): Program =>
    new Program(
      [
        ...(prepared ? [join(bin, 'python'), join(folder, 'start.py')] : []),
        ...[prepared ? 'mlflow' : join(bin, 'mlflow'), 'server', '--app-name', 'basic-auth'],
        ...['--host', '127.0.0.1', '--port', String(port), '--workers', '1'],
        ...['--serve-artifacts', '--artifacts-destination', `file://${folder}/artifacts`],
      ],
      settings(name, bin, password),
    );

  const copy = async (name: string): Promise<void> => {
    await databases.make(name, 'old');
    await databases.make(`${name}_auth`, 'old_auth');
  };

  beforeAll(async () => {
    for (const name of ['old', 'old_auth']) await databases.make(name);
    const port = await freePort();
    const server = serve('old', installed(...OLDER), port, 'first-password', false);
    await server.answers(`http://127.0.0.1:${port}/health`);
    const tracking = admin(port, 'first-password');
    const { experiment_id: experiment } = await tracking.call<{ experiment_id: string }>(
      'mlflow/experiments/create',
      { name: 'iris' },
    );
    const created = await tracking.call<{ run: { info: { run_id: string } } }>('mlflow/runs/create', {
      experiment_id: experiment,
      run_name: 'first',
      start_time: 1,
    });
    run = created.run.info.run_id;
    await tracking.call('mlflow/runs/log-metric', {
      run_id: run,
      key: 'loss',
      value: 0.5,
      timestamp: 1,
      step: 0,
    });
    await tracking.call('mlflow/runs/log-parameter', { run_id: run, key: 'depth', value: '3' });
    artifact = `mlflow-artifacts/artifacts/${experiment}/${run}/artifacts/note.txt`;
    expect((await tracking.send(artifact, { method: 'PUT', body: 'kept' })).status).toBe(200);
    await tracking.call('mlflow/registered-models/create', { name: 'iris' });
    await tracking.call('mlflow/model-versions/create', {
      name: 'iris',
      source: `runs:/${run}/model`,
      run_id: run,
    });
    await tracking.call('mlflow/users/create', { username: 'ada', password: 'password-of-ada' });
    await tracking.call('mlflow/experiments/permissions/create', {
      experiment_id: experiment,
      username: 'ada',
      permission: 'EDIT',
    });
    await server.stop();
  });

  it('is one of three at once that migrates; all of them serve, and everything is there', async () => {
    await copy('rolled');
    const bin = installed(...MLFLOW_REQUIREMENTS);
    const ports = [await freePort(), await freePort(), await freePort()];
    const servers = ports.map((port) => serve('rolled', bin, port, 'second-password', true));
    await Promise.all(servers.map((each, index) => each.answers(`http://127.0.0.1:${ports[index]}/health`)));
    expect(count(servers, 'the tracking database is migrated')).toBe(1);
    expect(count(servers, 'the database of users is migrated')).toBe(1);
    for (const port of ports) {
      const found = await ada(port).call<{
        run: { data: { metrics: unknown[]; params: unknown[] }; info: { run_name: string } };
      }>(`mlflow/runs/get?run_id=${run}`);
      expect(found.run.info.run_name).toBe('first');
      expect(found.run.data.metrics).toEqual([expect.objectContaining({ key: 'loss', value: 0.5 })]);
      expect(found.run.data.params).toEqual([{ key: 'depth', value: '3' }]);
      expect(await (await ada(port).send(artifact)).text()).toBe('kept');
      expect(
        (await admin(port, 'first-password').send('mlflow/experiments/get?experiment_id=0')).status,
      ).toBe(401);
      const { model_versions: versions } = await admin(port, 'second-password').call<{
        model_versions: unknown[];
      }>('mlflow/model-versions/search');
      expect(versions).toEqual([expect.objectContaining({ name: 'iris', version: '1', run_id: run })]);
    }
    await ada(ports[0]!).call('mlflow/runs/log-metric', {
      run_id: run,
      key: 'loss',
      value: 0.25,
      timestamp: 2,
      step: 1,
    });
    await Promise.all(servers.map((each) => each.stop()));

    const before = [await databases.schema('rolled'), await databases.schema('rolled_auth')];
    const again = prepare('rolled');
    expect(await again.end()).toBe(0);
    expect(again.output).toBe('served\n');
    expect([await databases.schema('rolled'), await databases.schema('rolled_auth')]).toEqual(before);
  });

  it('leaves the databases as they were when others hold a table, and migrates once they do not', async () => {
    await copy('locked');
    const before = await databases.schema('locked');
    const holder = await databases.connect('locked');
    await holder.query('BEGIN');
    for (const { tablename } of await databases.query(
      'locked',
      `SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'`,
    )) {
      await holder.query(`LOCK TABLE ${String(tablename)} IN ACCESS SHARE MODE`);
    }
    const refused = prepare('locked');
    expect(await refused.end()).toBe(1);
    expect(refused.output).toMatch(
      /^mlterra: the tracking database could not be migrated and is as it was: canceling statement due to lock timeout/m,
    );
    expect(await databases.schema('locked')).toEqual(before);

    const killed = prepare('locked');
    await waitsForLock();
    await killed.stop('SIGKILL');
    expect(await databases.schema('locked')).toEqual(before);

    await holder.query('ROLLBACK');
    await holder.end();
    const next = prepare('locked');
    expect(await next.end()).toBe(0);
    expect(next.output).toContain('the tracking database is migrated');
  });

  it('leaves the databases as they were when it may not change them, and names no password', async () => {
    await copy('readonly');
    await databases.query('postgres', 'ALTER DATABASE readonly_auth SET default_transaction_read_only = on');
    const before = await databases.schema('readonly_auth');
    const start = prepare('readonly');
    expect(await start.end()).toBe(1);
    expect(start.output).toMatch(
      /^mlterra: the database of users could not be migrated and is as it was: cannot execute [\w ]+ in a read-only transaction/m,
    );
    expect(start.output).not.toContain(new URL(databases.url('readonly')).password);
    expect(await databases.schema('readonly_auth')).toEqual(before);
  });

  async function waitsForLock(): Promise<void> {
    const waiting = `SELECT FROM pg_stat_activity WHERE datname = 'locked' AND wait_event_type = 'Lock'`;
    for (let left = LOCK_TIMEOUT_SECONDS * 60; left > 0; left--) {
      if ((await databases.query('postgres', waiting)).length > 0) return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error('no migration waits for a lock');
  }
});
