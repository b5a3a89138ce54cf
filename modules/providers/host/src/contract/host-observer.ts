import type {
  ObjectStoreFacts,
  Observer,
  PostgresFacts,
  PostgresLoginFacts,
  SecretUse,
  WorkloadFacts,
} from '@mlterra/testing/contracts';
import { LOOPBACK } from '../loopback';
import type { DesiredDatabase, DesiredProcess, DesiredProgram, DesiredText } from '../spec';
import { appliedStacks, type AppliedStack } from './applied-stacks';
import { plain, rendered, secretUse } from './rendered-text';

/** Folders that hold objects; see `HostStack.place`. */
const OBJECTS = 'objects/';

/** What is on a host after an apply, read out of what the reconciler is given. */
export const hostObserver: Observer = {
  provider: 'host',

  postgresServers: (stage) => {
    const stacks = appliedStacks(stage);
    const databases = stacks.flatMap(({ desired }) => desired.databases);
    const secrets = secretsOf(stacks);
    return stacks.flatMap(({ stack, address, desired }) =>
      desired.processes.flatMap(({ program, ports }): readonly PostgresFacts[] =>
        program.kind === 'postgres' && ports.some(({ port }) => port === program.port)
          ? [
              {
                address,
                stack,
                majorVersion: program.majorVersion,
                hosts: [LOOPBACK],
                port: program.port,
                public: false,
                loopback: true,
                logins: databases.filter((database) => canMake(database, program, secrets)).map(login),
              },
            ]
          : [],
      ),
    );
  },

  objectStores: (stage) =>
    appliedStacks(stage).flatMap(({ stack, address, desired }) =>
      desired.folders
        .filter((folder) => folder.startsWith(OBJECTS))
        .map((folder): ObjectStoreFacts => ({ address, stack, uri: `file:///${folder}` })),
    ),

  workloads: (stage) => {
    const stacks = appliedStacks(stage);
    const secrets = secretsOf(stacks);
    const taken = stacks.flatMap(({ desired }) =>
      desired.processes.flatMap(({ ports }) => ports.map(({ port }) => port)),
    );
    return stacks.flatMap(({ stack, address, desired }) =>
      desired.processes
        .filter(({ program }) => program.kind === 'python')
        .map((process) => workload({ stack, address, process, secrets, taken })),
    );
  },
};

function secretsOf(stacks: readonly AppliedStack[]): ReadonlySet<string> {
  return new Set(stacks.flatMap(({ desired }) => desired.secrets.map(({ reference }) => reference)));
}

/** Whether the administrator named for a database is that of the server, by the password it was given. */
function canMake(
  database: DesiredDatabase,
  server: DesiredProgram & { readonly kind: 'postgres' },
  secrets: ReadonlySet<string>,
): boolean {
  return (
    database.host === LOOPBACK &&
    Number(database.port) === server.port &&
    database.superuser === server.superuser &&
    database.superuserPassword === server.password &&
    secrets.has(database.superuserPassword) &&
    secrets.has(database.password)
  );
}

function login({ name, password }: DesiredDatabase): PostgresLoginFacts {
  return { database: name, user: name, password };
}

interface WorkloadInput {
  readonly stack: string;
  readonly address: string;
  readonly process: DesiredProcess;
  readonly secrets: ReadonlySet<string>;
  /** Every port of the machine as often as a process wants it. */
  readonly taken: readonly number[];
}

function workload({ stack, address, process, secrets, taken }: WorkloadInput): WorkloadFacts {
  const { name, program, command, variables, files, ports, probe } = process;
  const asVariables = variables.map((variable) => [variable.name, variable.value] as const);
  const asFiles = files.map((file) => [file.path, file.content] as const);
  const readinessProbe =
    probe.kind === 'none'
      ? undefined
      : { port: probe.port, ...(probe.httpPath === '' ? {} : { path: probe.httpPath }) };
  return {
    name: `${stack}-${name}`,
    container: name,
    address,
    stack,
    requirements: program.kind === 'python' ? program.requirements : [],
    command: command.map(rendered),
    variables: withoutSecrets(asVariables),
    secretVariables: withSecrets(asVariables, secrets),
    files: withoutSecrets(asFiles),
    secretFiles: withSecrets(asFiles, secrets),
    ports,
    // Two processes that want one port: one of them does not get it, and nobody knows which.
    reachablePorts: ports
      .map(({ port }) => port)
      .filter((port) => taken.filter((other) => other === port).length === 1),
    hosts: [LOOPBACK, 'localhost'],
    readinessProbe,
    plainText: [...command, ...[...asVariables, ...asFiles].map(([, value]) => value)].map(plain),
  };
}

type Named = readonly (readonly [string, DesiredText])[];

function withoutSecrets(values: Named): Record<string, string> {
  return Object.fromEntries(
    values
      .filter(([, value]) => secretUse(value, new Set()) === undefined)
      .map(([name, value]) => [name, rendered(value)]),
  );
}

function withSecrets(values: Named, secrets: ReadonlySet<string>): Record<string, SecretUse> {
  return Object.fromEntries(
    values.flatMap(([name, value]) => {
      const use = secretUse(value, secrets);
      return use === undefined ? [] : [[name, use] as const];
    }),
  );
}
