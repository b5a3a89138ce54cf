import { found, type Applied } from './applied';
import type { CapabilityWire, Wire } from './wire';

/* eslint-disable @typescript-eslint/no-explicit-any -- values of resources have any shape */

function desired(applied: Applied, stack = 'prod-mlflow'): any {
  return applied.values(stack, 'terraform_data', /^processes$/).triggers_replace.value;
}

function server(applied: Applied): any {
  return desired(applied).processes[0];
}

function variable(applied: Applied, name: string): any {
  return found(
    server(applied).variables.find((each: any) => each.name === name),
    name,
  );
}

const DATABASE = 'MLFLOW_BACKEND_STORE_URI';

/** Faults in what the reconciler of a host is given. */
export const hostWires: readonly Wire[] = [
  {
    cut: 'a database URL with a wrong port',
    check: 'database-url',
    says: 'the port of the database URL in the variable MLFLOW_BACKEND_STORE_URI is 5433, expected 5432',
    spoil: (applied) => {
      const { value } = variable(applied, DATABASE);
      value.splice(value.indexOf('5432'), 1, '5433');
    },
  },
  {
    cut: 'a database that nobody makes',
    check: 'database-url',
    says: 'the database of the database URL in the variable MLFLOW_BACKEND_STORE_URI is "mlflow_prod"',
    spoil: (applied) => desired(applied).databases.shift(),
  },
  {
    cut: 'a database made on another server',
    check: 'database-url',
    says: 'the database of the database URL in the variable MLFLOW_BACKEND_STORE_URI is "mlflow_prod"',
    spoil: (applied) => (desired(applied).databases[0].port = '5433'),
  },
  {
    cut: 'a database made with the password of another administrator',
    check: 'database-url',
    says: 'the database of the database URL in the variable MLFLOW_BACKEND_STORE_URI is "mlflow_prod"',
    spoil: (applied) => (desired(applied).databases[0].superuserPassword = 'secrets/other'),
  },
  {
    cut: 'the password of the other database',
    check: 'database-url',
    says: 'the password of the database URL in the variable MLFLOW_BACKEND_STORE_URI is not the password of mlflow_prod',
    spoil: (applied) => {
      const part = variable(applied, DATABASE).value.find((each: unknown) => typeof each === 'object');
      part.secret = desired(applied).databases[1].password;
    },
  },
  {
    cut: 'a secret that nobody makes',
    check: 'secrets-given',
    says: 'the length of the secret in the variable MLFLOW_FLASK_SERVER_SECRET_KEY is 0',
    spoil: (applied) => {
      const [{ secret }] = variable(applied, 'MLFLOW_FLASK_SERVER_SECRET_KEY').value;
      const stack = desired(applied);
      stack.secrets = stack.secrets.filter((each: { reference: string }) => each.reference !== secret);
    },
  },
  {
    cut: 'a secret as plain text',
    check: 'credentials-by-reference',
    says: 'the secret in the variable MLFLOW_FLASK_SERVER_SECRET_KEY is plain text, expected a reference',
    spoil: (applied) => (variable(applied, 'MLFLOW_FLASK_SERVER_SECRET_KEY').value = ['correct horse']),
  },
  {
    cut: 'a URL with a password in the command',
    check: 'credentials-by-reference',
    says: 'a URL with a password stands in plain text',
    spoil: (applied) => server(applied).command.push(['postgresql://mlflow:hunter2@127.0.0.1/mlflow']),
  },
  {
    cut: 'a folder for artifacts that nobody makes',
    check: 'object-store',
    says: 'the object store in the argument --artifacts-destination is "file:///objects/prod/mlflow/',
    spoil: (applied) => (desired(applied).folders = []),
  },
  {
    cut: "another tool's folder for artifacts",
    check: 'object-store',
    says: 'is "file:///objects/prod/sample/Objects", expected file:///objects/prod/mlflow/artifacts',
    spoil: (applied) => {
      const part = server(applied)
        .command.flat()
        .find((each: any) => each.folder?.startsWith('objects/'));
      part.folder = 'objects/prod/sample/Objects';
    },
  },
  {
    cut: 'a requirement without version',
    check: 'program-pinned',
    says: 'a requirement is "mlflow[auth]", expected one version',
    spoil: (applied) => (server(applied).program.requirements[0] = 'mlflow[auth]'),
  },
  {
    cut: 'no probe',
    check: 'probes',
    says: 'there is no readiness probe',
    spoil: (applied) => (server(applied).probe = { kind: 'none', port: 0, httpPath: '', startSeconds: 1 }),
  },
  {
    cut: 'a probe on a wrong port',
    check: 'probes',
    says: /the port of the readiness probe is 1, expected \d+ \(http\)/,
    spoil: (applied) => (server(applied).probe.port = 1),
  },
  {
    cut: 'a port that another process takes',
    check: 'reachable',
    says: /the list of ports that clients reach is \[\], expected \d+ \(http\) among them/,
    spoil: (applied) =>
      desired(applied, 'prod-database').processes[0].ports.push({
        name: 'web',
        port: server(applied).ports[0].port,
      }),
  },
  {
    cut: 'a service announced elsewhere',
    check: 'services',
    says: 'the URL of the service mlflow is "http://127.0.0.1:1"',
    spoil: (applied) =>
      (applied.stack('prod-mlflow').outputs.service_mlflow.value.url = 'http://127.0.0.1:1'),
  },
  {
    cut: 'a PostgreSQL server announced elsewhere',
    tool: 'postgresql',
    check: 'services',
    says: 'the URL of the service postgresql is "postgresql://127.0.0.1:1"',
    spoil: (applied) =>
      (applied.stack('prod-postgresql').outputs.service_postgresql.value.url = 'postgresql://127.0.0.1:1'),
  },
  {
    cut: 'a PostgreSQL server that gets no more updates',
    tool: 'postgresql',
    check: 'server',
    says: 'the major version is 9, expected 15 or later',
    spoil: (applied) => (desired(applied, 'prod-postgresql').processes[0].program.majorVersion = 9),
  },
];

/** Faults in the PostgreSQL server of a host. */
export const hostPostgresWires: readonly CapabilityWire[] = [
  {
    capability: 'PostgresDatabase',
    cut: 'a version that gets no more updates',
    check: 'version-maintained',
    says: 'the major version is 9',
    spoil: (applied) => (desired(applied, 'prod-database').processes[0].program.majorVersion = 9),
  },
  {
    capability: 'PostgresDatabase',
    cut: 'one password for two users',
    check: 'passwords',
    says: 'the user mlflow_prod has the password of another user',
    spoil: (applied) => {
      const [first, second] = desired(applied).databases;
      first.password = second.password;
    },
  },
];
