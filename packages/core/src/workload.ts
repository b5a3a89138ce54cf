import type { Identity } from './capabilities/identity';
import type { Peer } from './capabilities/peer';
import type { Value } from './value';

/**
 * What a tool runs, said once, in the vocabulary of Score and Compose; every platform renders it in its own way.
 */
export interface Workload {
  /** Who it runs as, of the same platform. @default - an identity of its own, which may do nothing */
  readonly identity?: Identity;
  /** Containers by name; on a host each is one process. */
  readonly containers: Readonly<Record<string, Container>>;
  /** How many of it run at once, on platforms of several machines; a host runs one. @default 1 */
  readonly replicas?: number;
  /** Grows and shrinks by load, on platforms that can; `replicas` counts elsewhere. @default - it does not */
  readonly scaling?: Scaling;
  /** What it connects to, beside name servers; where network policies are strict it reaches nothing else. @default - nothing */
  readonly connectsTo?: readonly Peer[];
}

/** How many replicas run, by what they use of what they ask for. */
export interface Scaling {
  readonly minReplicas: number;
  readonly maxReplicas: number;
  /** Average over the replicas above which there come more, in percent of the cpu asked for. */
  readonly cpuPercent: number;
  /** The same of memory. @default - memory does not count */
  readonly memoryPercent?: number;
}

export interface Container {
  /** Image with the tag of a release or a digest, for platforms that run images. */
  readonly image: string;
  /** How the program comes to a machine that runs no images. @default - the workload cannot run on a bare host */
  readonly program?: PythonProgram;
  /** Program and arguments. Without `program` it may be empty, which is the command of the image. */
  readonly command: readonly Value[];
  /** Environment variables. @default - none */
  readonly variables?: Readonly<Record<string, Value>>;
  /** Files by absolute path inside the container; name them elsewhere by `new MountPath(path)`. @default - none */
  readonly files?: Readonly<Record<string, Value>>;
  /** Volumes by absolute mount path. @default - none */
  readonly volumes?: Readonly<Record<string, Volume>>;
  /** Ports by name. @default - none */
  readonly ports?: Readonly<Record<string, Port>>;
  /** When the container counts as ready, and when as hung. @default - as soon as it runs */
  readonly probe?: Probe;
  /** @default - the platform's */
  readonly resources?: Resources;
  /** How long a stop may take before it is killed. @default 30 */
  readonly stopGraceSeconds?: number;
  /** User and group it runs as, on platforms that run images; never 0. Containers that share a volume have the same. @default 65532 */
  readonly userId?: number;
}

/** User and group of containers that name none: an ordinary one, in no image's list of users. */
export const DEFAULT_USER_ID = 65_532;

/** A program that runs to its end, e.g. to make a database. It may run more than once: the second time it changes nothing. */
export interface Task extends Pick<
  Container,
  'image' | 'command' | 'variables' | 'files' | 'resources' | 'userId'
> {
  /** How long it may take, waiting for others included. @default 300 */
  readonly timeoutSeconds?: number;
  /** What it connects to, as of a workload. @default - nothing */
  readonly connectsTo?: readonly Peer[];
}

export const DEFAULT_TASK_SECONDS = 300;

/** A program from Python packages. */
export interface PythonProgram {
  readonly kind: 'python';
  /** Requirements as pip reads them, pinned. The first word of `command` is a script they install. */
  readonly requirements: readonly string[];
}

export interface Volume {
  /** Name; containers of the workload that name the same one share it. */
  readonly name: string;
  readonly sizeGiB: number;
  /** Class of it, on platforms that have classes, e.g. that of `NfsStorageClass`. @default - the platform's */
  readonly storageClass?: string;
}

export interface Port {
  readonly port: number;
  readonly protocol: 'http' | 'tcp';
}

export interface Probe {
  /** Name of the port to ask. @default - none: `command` is asked */
  readonly port?: string;
  /** Path that answers 200, for an http port. @default - a connection is enough */
  readonly httpPath?: string;
  /** Program in the image that ends with 0 once it is ready; asked instead of the port. @default - the port is asked */
  readonly command?: readonly string[];
  /** How long the first start may take, in seconds. @default 120 */
  readonly startSeconds?: number;
}

export interface Resources {
  readonly cpuMillis: number;
  readonly memoryMiB: number;
}
