import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { lockProviders, succeeded, TemporaryWorkspace, until } from '@mlterra/e2e';
import { chartMirror, startKubernetes, terraformCliConfig, type KubernetesServer } from '@mlterra/testbed';
import * as terratest from '@mlterra/terratest-wrapper';

const IMAGES = [
  'docker.io/library/postgres:18.4-bookworm',
  'docker.io/versity/versitygw:v1.8.0',
  'ghcr.io/cloudnative-pg/cloudnative-pg:1.30.0',
  'ghcr.io/cloudnative-pg/postgresql:18.4-system-bookworm',
];

/** A server with backups by the operator itself, as the plugin cannot be had here; a second one begins as the first was. */
const source = (recoveries: string): string => `import { defineEnvironment, localState } from '@mlterra/core';
import { K3sCluster } from '@mlterra/k3s';
import { CloudNativePgCluster, CloudNativePgOperator } from '@mlterra/postgresql';
import { Versitygw } from '@mlterra/versitygw';

export default defineEnvironment({
  name: 'k3s',
  backend: localState(),
  stages: { dev: { profile: 'development', settings: undefined } },
  build(stage) {
    const platform = K3sCluster.fromExisting(stage.stack('cluster'), 'cluster', {
      kubeconfig: process.env.K3S_KUBECONFIG,
      context: process.env.K3S_CONTEXT,
    });
    const operator = new CloudNativePgOperator(stage.stack('cloudnative-pg'), 'cloudnative-pg', { platform });
    const objects = new Versitygw(stage.stack('versitygw'), 'versitygw', { platform });
    const keys = stage.stack('backups');
    const store = objects.addObjectStore(keys, 'backups');
    const method = 'in-tree';
    const resources = { cpuMillis: 100, memoryMiB: 512 };
    const first = new CloudNativePgCluster(stage.stack('postgresql'), 'postgresql', {
      operator, resources, diskSizeGiB: 1, backups: { store, method },
    });
    const notes = stage.stack('notes');
    for (const name of ['notes', 'wiki']) first.addDatabase(notes, name, { name });
    const recover = (name: string, targetTime?: string) =>
      new CloudNativePgCluster(stage.stack(name), name, {
        operator, resources, diskSizeGiB: 1, recovery: { store, method, serverName: 'postgresql', targetTime },
      });
    ${recoveries}
  },
});
`;

/** Ten minutes on an idle machine, most of them starts of servers. */
const inFull = process.env.MLTERRA_TEST_FULL ? describe : describe.skip;

interface Json {
  readonly [key: string]: ReturnType<typeof JSON.parse>;
}

/** The stages below build on each other: one life of a server and of its backups. */
inFull('CloudNativePG, on a real cluster', () => {
  let cluster: KubernetesServer;
  let workspace: TemporaryWorkspace;
  let moment: string;

  beforeAll(async () => {
    terratest.cleanup(() => cluster?.stop());
    terratest.cleanup(() => workspace?.remove());
    process.env.TF_CLI_CONFIG_FILE = await terraformCliConfig('helm', 'random');
    const charts = await chartMirror();
    cluster = await startKubernetes({ images: IMAGES });
    workspace = await TemporaryWorkspace.create({
      environmentDir: join(__dirname, '..'),
      change: () => source('void recover;'),
      env: {
        K3S_KUBECONFIG: cluster.kubeconfig,
        K3S_CONTEXT: cluster.context,
        MLTERRA_CHART_MIRROR: charts,
        TF_CLI_CONFIG_FILE: process.env.TF_CLI_CONFIG_FILE,
      },
    });
    await lockProviders(workspace, 'helm', 'random');
  }, 900_000);

  const kubectl = (...args: readonly string[]): string => {
    const { status, stdout, stderr } = spawnSync(join(dirname(cluster.kubeconfig), 'bin', 'kubectl'), args, {
      encoding: 'utf8',
      env: { ...process.env, KUBECONFIG: cluster.kubeconfig },
    });
    if (status !== 0) throw new Error(stderr);
    return stdout.trim();
  };
  const get = (stack: string, kind: string, name: string): Json =>
    JSON.parse(kubectl('-n', `k3s-dev-${stack}`, 'get', kind, name, '-o', 'json')) as Json;
  /** As the administrator, in the pod that writes. */
  const query = (server: string, database: string, sql: string): string =>
    kubectl(
      ...['-n', `k3s-dev-${server}`, 'exec', `${server}-1`, '-c', 'postgres', '--'],
      ...['psql', '-X', '-A', '-t', '-v', 'ON_ERROR_STOP=1', '-d', database, '-c', sql],
    );
  const isHealthy = (server: string): boolean =>
    get(server, 'clusters.postgresql.cnpg.io', server).status?.phase === 'Cluster in healthy state';

  it('is applied by one command: the operator, a server, databases', async () => {
    succeeded(await workspace.run('apply', '--json'));
    await until('the server is healthy', () => isHealthy('postgresql'), 300);
    expect(query('postgresql', 'postgres', 'SHOW data_checksums')).toBe('on');
    expect(query('postgresql', 'postgres', "SELECT datlocale FROM pg_database WHERE datname = 'notes'")).toBe(
      'C.UTF-8',
    );
  });

  it('has a database for each tool, which only its user enters, and only encrypted', () => {
    const may = (user: string, database: string): string =>
      query('postgresql', 'postgres', `SELECT has_database_privilege('${user}', '${database}', 'CONNECT')`);
    expect([may('notes', 'notes'), may('notes', 'wiki')]).toEqual(['t', 'f']);
    expect(query('postgresql', 'postgres', "SELECT rolsuper FROM pg_roles WHERE rolname = 'notes'")).toBe(
      'f',
    );
    expect(query('postgresql', 'postgres', 'SHOW ssl')).toBe('on');
  });

  it('makes a whole copy at once, and archives what comes after', async () => {
    query(
      'postgresql',
      'notes',
      "SET ROLE notes; CREATE TABLE kept (id int PRIMARY KEY, text text); INSERT INTO kept VALUES (1, 'ünë')",
    );
    const backups = (): readonly Json[] =>
      (
        JSON.parse(
          kubectl('-n', 'k3s-dev-postgresql', 'get', 'backups.postgresql.cnpg.io', '-o', 'json'),
        ) as Json
      ).items;
    const isComplete = (): boolean => {
      // A copy waits for a checkpoint, which takes its time, for four minutes, unless one asks for another.
      query('postgresql', 'postgres', 'CHECKPOINT');
      return backups().some(({ status }) => status?.phase === 'completed');
    };
    await until('the backup is complete', isComplete, 300);
    query('postgresql', 'notes', "INSERT INTO kept VALUES (2, 'after the copy')");
    moment = query(
      'postgresql',
      'postgres',
      `SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`,
    );
    query('postgresql', 'notes', "INSERT INTO kept VALUES (3, 'a mistake')");
    const wal = query('postgresql', 'postgres', 'SELECT pg_walfile_name(pg_switch_wal())');
    const archived = (): boolean =>
      query('postgresql', 'postgres', `SELECT last_archived_wal >= '${wal}' FROM pg_stat_archiver`) === 't';
    await until('the log is in the store', archived, 120);
  });

  it('begins another server with all there was, and a third with what there was at a moment', async () => {
    workspace.edit(() => source(`recover('latest'); recover('earlier', '${moment}');`));
    succeeded(await workspace.run('apply', '--json'));
    for (const server of ['latest', 'earlier']) {
      await until(`${server} is healthy`, () => isHealthy(server), 400);
    }
    expect(query('latest', 'notes', "SELECT string_agg(id::text, ',' ORDER BY id) FROM kept")).toBe('1,2,3');
    expect(query('earlier', 'notes', "SELECT string_agg(id::text, ',' ORDER BY id) FROM kept")).toBe('1,2');
    expect(query('earlier', 'notes', "SELECT tableowner FROM pg_tables WHERE tablename = 'kept'")).toBe(
      'notes',
    );
  });

  it('keeps to the restricted standard, and leaves no secret in the open', () => {
    const pods = (JSON.parse(kubectl('-n', 'k3s-dev-postgresql', 'get', 'pods', '-o', 'json')) as Json)
      .items as Json[];
    expect(pods.length).toBeGreaterThan(0);
    expect(get('postgresql', 'namespaces', 'k3s-dev-postgresql').metadata.labels).toMatchObject({
      'pod-security.kubernetes.io/enforce': 'restricted',
    });
    const encoded = get('postgresql', 'secrets', 'postgresql-login').data.password as string;
    const password = Buffer.from(encoded, 'base64').toString();
    expect(password).toMatch(/^[A-Za-z0-9]{32}$/);
    expect(
      JSON.stringify(pods) + JSON.stringify(get('postgresql', 'clusters.postgresql.cnpg.io', 'postgresql')),
    ).not.toContain(password);
  });

  it('is kept when its stack goes, and removed when told to', async () => {
    succeeded(await workspace.run('destroy', '-c', 'dev', '--yes', '--json'));
    expect(isHealthy('postgresql')).toBe(true);
    succeeded(await workspace.run('destroy', '-c', 'dev', '--yes', '--purge', '--json'));
    expect(kubectl('get', 'clusters.postgresql.cnpg.io', '-A', '-o', 'name')).toBe('');
  });
});
