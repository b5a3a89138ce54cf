import { catalogue } from '@mlterra/catalogue';
import { isKubernetes } from '@mlterra/core';
import type { PostgresFacts, Programs, TaskFacts, ToolRecipe } from '@mlterra/testing/contracts';
import { CloudNativePgCluster } from './cloudnative-pg/cluster';
import { CloudNativePgOperator } from './cloudnative-pg/operator';
import { Postgresql } from './postgresql';
import { SUPERUSER } from './server-settings';
import { PASSWORD_PATH } from './start-script';
import { POSTGRESQL_MAJOR_VERSION } from './versions';

/** Without tag. */
const IMAGE = 'docker.io/library/postgres';

/** PostgreSQL for the contract suites. */
export const postgresqlRecipe: ToolRecipe = {
  tool: 'postgresql',
  runsOn: ['host', 'docker', 'kubernetes', 'machines'],
  build(stack, { platform, port }) {
    const server = new Postgresql(stack, 'postgresql', { platform, port });
    server.addDatabase(stack, 'notes', { name: 'notes' });
  },
  expectations: {
    workloads: [
      {
        on: ['docker', 'kubernetes', 'machines'],
        container: 'server',
        image: IMAGE,
        secrets: [{ file: PASSWORD_PATH, pattern: /^(\S+)$/ }],
        ports: ['postgres'],
        probe: { port: 'postgres', program: 'pg_isready' },
      },
    ],
    services: ['postgresql'],
    runsPostgres: true,
  },
  serves: {
    need: 'database',
    build: (stack, { platform, port }) => new Postgresql(stack, 'postgresql', { platform, port }),
    facts: servers,
  },
};

/** PostgreSQL by CloudNativePG for the contract suites. Its plugin comes with cert-manager, which is another tool. */
export const cloudnativePgRecipe: ToolRecipe = {
  tool: 'cloudnative-pg',
  runsOn: ['kubernetes'],
  needs: ['objectStore'],
  build(stack, { platform, before, addObjectStore }) {
    if (!isKubernetes(platform)) return;
    const operator = before(
      'cloudnative-pg-operator',
      (first) => new CloudNativePgOperator(first, 'cloudnative-pg', { platform }),
    );
    const store = addObjectStore(stack, 'backups');
    const server = new CloudNativePgCluster(stack, 'postgresql', {
      operator,
      backups: { store, method: 'in-tree' },
    });
    server.addDatabase(stack, 'notes', { name: 'notes' });
  },
  expectations: {
    workloads: [],
    charts: [
      { chart: catalogue.cloudnativePg.chart.name, repository: catalogue.cloudnativePg.chart.repository },
    ],
    objects: [
      {
        apiVersion: 'postgresql.cnpg.io/v1',
        kind: 'Cluster',
        secretNames: ['spec.superuserSecret.name'],
      },
      { apiVersion: 'postgresql.cnpg.io/v1', kind: 'ScheduledBackup' },
    ],
    services: ['postgresql'],
  },
};

/** The servers in containers, with the databases that tasks make in them. */
function servers({ workloads, tasks }: Programs): readonly PostgresFacts[] {
  return workloads
    .filter(({ image }) => image?.startsWith(`${IMAGE}:`))
    .map(({ address, stack, hosts = [], ports = [] }) => {
      const port = ports.find(({ name }) => name === 'postgres')?.port;
      const isHere = ({ variables = {} }: TaskFacts): boolean =>
        hosts.includes(variables['PGHOST'] ?? '') && variables['PGPORT'] === String(port);
      return {
        address,
        stack,
        majorVersion: POSTGRESQL_MAJOR_VERSION,
        hosts,
        port,
        public: false,
        selfRun: true,
        logins: tasks.filter(isHere).flatMap((task) => login(task)),
      };
    });
}

/** What a task makes that has all it needs; one that lacks something makes nothing. */
function login({ variables = {}, secretVariables = {} }: TaskFacts): NonNullable<PostgresFacts['logins']> {
  const database = variables['DATABASE_NAME'];
  const password = secretVariables['DATABASE_PASSWORD']?.value;
  const administrator = secretVariables['PGPASSWORD']?.value;
  if (database === undefined || password === undefined || administrator === undefined) return [];
  return variables['PGUSER'] === SUPERUSER ? [{ database, user: database, password }] : [];
}
