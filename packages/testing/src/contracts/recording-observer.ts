import { DEFAULT_TASK_SECONDS } from '@mlterra/core';
import { LOOPBACK } from '../recording';
import { recordedCharts, recordedEgress, recordedObjects, type RecordedCluster } from './recorded-cluster';
import { stackName } from './stage-facts';
import type {
  ObjectStoreFacts,
  Observer,
  PostgresFacts,
  Rehearsed,
  SecretUse,
  TaskFacts,
  WorkloadFacts,
} from './facts';

/** What a container has that asks for nothing. */
const DEFAULT_RESOURCES = { cpuMillis: 100, memoryMiB: 256 };

/** As recording platforms name their object stores. */
const RECORDED_STORE = /^(file:\/\/\/objects\/|s3:\/\/objects-)/;

/** As recording platforms write a secret. */
const SECRET = /<secret ([^>]*)>/g;

/** As recording platforms write the place of a file or volume. */
const MOUNT = /<mount ([^>]*)>/g;

interface RecordedProgram {
  readonly image: string;
  readonly command: readonly string[];
  readonly variables?: Readonly<Record<string, string>>;
  readonly files?: Readonly<Record<string, string>>;
  readonly resources?: { readonly cpuMillis: number; readonly memoryMiB: number };
}

interface RecordedContainer extends RecordedProgram {
  readonly program?: { readonly requirements: readonly string[] };
  readonly ports?: Readonly<Record<string, { readonly port: number }>>;
  readonly probe?: {
    readonly port: string;
    readonly httpPath?: string;
    readonly command?: readonly string[];
  };
}

/** What recording platforms put into one resource. */
interface Recorded extends RecordedCluster {
  readonly workload?: Readonly<Record<string, RecordedContainer>>;
  /** With a workload, where it is one of containers. */
  readonly platform?: { readonly kind: string; readonly replicas: number; readonly usesApi?: boolean };
  readonly task?: RecordedProgram & { readonly name: string; readonly timeoutSeconds?: number };
  readonly postgres?: { readonly host?: string; readonly port: number };
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

/** Reads back what tools asked of a recording platform. */
export const recordingObserver: Observer = {
  provider: 'recording',

  postgresServers: (stage) => {
    const all = recorded(stage);
    return all.flatMap(({ stack, address, input: { postgres } }): readonly PostgresFacts[] => {
      if (postgres === undefined) return [];
      const { host = LOOPBACK, port } = postgres;
      return [
        {
          address,
          stack,
          majorVersion: 18,
          hosts: [host],
          port,
          public: false,
          ...(host === LOOPBACK ? { loopback: true } : { selfRun: true }),
          logins: all.flatMap(({ input: { database } }) =>
            database?.server === host && Number(database.port) === port
              ? [{ database: database.name, user: database.name, password: database.password }]
              : [],
          ),
        },
      ];
    });
  },

  objectStores: (stage) =>
    stage.stacks.flatMap((stack) =>
      Object.entries(stack.outputs)
        .filter(([, { value }]) => typeof value === 'string' && RECORDED_STORE.test(value))
        .map(([name, { value }]): ObjectStoreFacts => ({
          address: `output ${name}`,
          stack: stackName(stack),
          uri: value as string,
        })),
    ),

  workloads: (stage) =>
    recorded(stage).flatMap((resource) =>
      Object.entries(resource.input.workload ?? {}).map(([name, container]) =>
        workloadFacts(stage, resource, name, container),
      ),
    ),

  charts: (stage) => recorded(stage).flatMap(recordedCharts),

  objects: (stage) => recordedObjects(recorded(stage)),

  tasks: (stage) =>
    recorded(stage).flatMap(({ stack, address, input: { task, egress, namespace } }): readonly TaskFacts[] =>
      task === undefined
        ? []
        : [
            {
              name: `${stack}-${task.name}`,
              address,
              stack,
              ...programFacts(task),
              ...containerFacts(task),
              ...(namespace === undefined ? {} : { egress: recordedEgress(egress) }),
              timeoutSeconds: task.timeoutSeconds ?? DEFAULT_TASK_SECONDS,
            },
          ],
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
  stage: Rehearsed,
  { stack, address, input: { platform, egress } }: RecordedResource,
  name: string,
  container: RecordedContainer,
): WorkloadFacts {
  const { program, ports = {}, probe } = container;
  const named = Object.entries(ports).map(([port, { port: number }]) => ({ name: port, port: number }));
  const asked = named.find((port) => port.name === probe?.port);
  return {
    name: `${stack}-${name}`,
    container: name,
    address,
    stack,
    ...programFacts(container),
    ports: named,
    reachablePorts: named.map(({ port }) => port),
    hosts: platform === undefined ? [LOOPBACK, 'localhost'] : hostsIn(stage, stack),
    readinessProbe:
      probe?.command === undefined
        ? asked && {
            port: asked.port,
            ...(probe?.httpPath === undefined ? {} : { path: probe.httpPath }),
          }
        : { command: probe.command },
    ...(platform === undefined
      ? { requirements: program?.requirements ?? [] }
      : {
          ...containerFacts(container),
          replicas: platform.replicas,
          apiTokenMounted: platform.usesApi ?? false,
        }),
    ...(platform?.kind === 'kubernetes' ? { egress: recordedEgress(egress) } : {}),
  };
}

/** A name in its network, as the outputs of endpoints hold it. */
function hostsIn(stage: Rehearsed, stack: string): readonly string[] {
  const outputs = stage.stacks.find((each) => stackName(each) === stack)?.outputs ?? {};
  return Object.entries(outputs).flatMap(([name, { value }]) =>
    name.endsWith('_host') && typeof value === 'string' ? [value] : [],
  );
}

function programFacts({ command, variables = {}, files = {} }: RecordedProgram) {
  return {
    command: command.map(shown),
    variables: plainOf(variables),
    secretVariables: secretOf(variables),
    files: plainOf(files),
    secretFiles: secretOf(files),
    plainText: [...command, ...Object.values(variables), ...Object.values(files)].map((text) =>
      text.replace(SECRET, ''),
    ),
  };
}

/** What every platform of containers does for all that it runs. */
function containerFacts({ image, resources = DEFAULT_RESOURCES }: RecordedProgram) {
  return {
    image,
    nonRoot: true,
    readOnlyRoot: true,
    capabilitiesDropped: true,
    privilegeEscalation: false,
    seccomp: true,
    memoryLimitMiB: resources.memoryMiB,
    cpuRequestMillis: resources.cpuMillis,
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
