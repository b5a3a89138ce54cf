import { stackName } from './stage-facts';
import type { ObjectStoreFacts, Observer, PostgresFacts, Rehearsed, SecretUse, WorkloadFacts } from './facts';

const LOOPBACK = '127.0.0.1';

/** As `RecordingHost` writes a secret. */
const SECRET = /<secret ([^>]*)>/g;

/** As `RecordingHost` writes the place of a file or volume. */
const MOUNT = /<mount ([^>]*)>/g;

interface RecordedContainer {
  readonly program?: { readonly requirements: readonly string[] };
  readonly command: readonly string[];
  readonly variables?: Readonly<Record<string, string>>;
  readonly files?: Readonly<Record<string, string>>;
  readonly ports?: Readonly<Record<string, { readonly port: number }>>;
  readonly probe?: { readonly port: string; readonly httpPath?: string };
}

/** What `RecordingHost` puts into one resource. */
interface Recorded {
  readonly workload?: Readonly<Record<string, RecordedContainer>>;
  readonly postgres?: { readonly port: number };
  readonly database?: {
    readonly name: string;
    readonly server: string;
    readonly port: string;
    readonly password: string;
  };
}

interface RecordedResource {
  readonly stack: string;
  readonly address: string;
  readonly input: Recorded;
}

/** Reads back what tools asked of a `RecordingHost`. */
export const recordingObserver: Observer = {
  provider: 'recording',

  postgresServers: (stage) => {
    const all = recorded(stage);
    return all.flatMap(({ stack, address, input: { postgres } }): readonly PostgresFacts[] =>
      postgres === undefined
        ? []
        : [
            {
              address,
              stack,
              majorVersion: 18,
              hosts: [LOOPBACK],
              port: postgres.port,
              public: false,
              loopback: true,
              logins: all.flatMap(({ input: { database } }) =>
                database?.server === LOOPBACK && Number(database.port) === postgres.port
                  ? [{ database: database.name, user: database.name, password: database.password }]
                  : [],
              ),
            },
          ],
    );
  },

  objectStores: (stage) =>
    stage.stacks.flatMap((stack) =>
      Object.entries(stack.outputs)
        .filter(([, { value }]) => typeof value === 'string' && value.startsWith('file:///objects/'))
        .map(([name, { value }]): ObjectStoreFacts => ({
          address: `output ${name}`,
          stack: stackName(stack),
          uri: value as string,
        })),
    ),

  workloads: (stage) =>
    recorded(stage).flatMap(({ stack, address, input: { workload = {} } }) =>
      Object.entries(workload).map(([name, container]) => workloadFacts(stack, address, name, container)),
    ),
};

function recorded(stage: Rehearsed): readonly RecordedResource[] {
  return stage.resources('terraform_data').map(({ stack, address, values }) => ({
    stack,
    address,
    input: (values['input'] as { readonly value?: Recorded } | null)?.value ?? {},
  }));
}

function workloadFacts(
  stack: string,
  address: string,
  name: string,
  container: RecordedContainer,
): WorkloadFacts {
  const { program, command, variables = {}, files = {}, ports = {}, probe } = container;
  const named = Object.entries(ports).map(([port, { port: number }]) => ({ name: port, port: number }));
  const asked = named.find((port) => port.name === probe?.port);
  return {
    name: `${stack}-${name}`,
    container: name,
    address,
    stack,
    requirements: program?.requirements ?? [],
    command: command.map(shown),
    variables: plainOf(variables),
    secretVariables: secretOf(variables),
    files: plainOf(files),
    secretFiles: secretOf(files),
    ports: named,
    reachablePorts: named.map(({ port }) => port),
    hosts: [LOOPBACK, 'localhost'],
    readinessProbe: asked && {
      port: asked.port,
      ...(probe?.httpPath === undefined ? {} : { path: probe.httpPath }),
    },
    plainText: [...command, ...Object.values(variables), ...Object.values(files)].map((text) =>
      text.replace(SECRET, ''),
    ),
  };
}

function shown(text: string): string {
  return text.replace(MOUNT, '$1').replace(SECRET, '$1');
}

function references(text: string): readonly string[] {
  return [...text.matchAll(SECRET)].map(([, reference]) => reference!);
}

function plainOf(values: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values)
      .filter(([, text]) => references(text).length === 0)
      .map(([name, text]) => [name, shown(text)]),
  );
}

function secretOf(values: Readonly<Record<string, string>>): Record<string, SecretUse> {
  return Object.fromEntries(
    Object.entries(values)
      .filter(([, text]) => references(text).length > 0)
      .map(([name, text]) => [name, { reference: references(text).join(', '), value: shown(text) }]),
  );
}
