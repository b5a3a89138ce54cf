import type { Construct } from 'constructs';
import type { StackOutput } from '../outputs';
import type { Secret, Text } from '../value';
import type { Task, Workload } from '../workload';
import type { Identity } from './identity';
import type { Peer } from './peer';

/** Runs workloads. */
export interface Platform {
  /** Which kind of platform this is. */
  readonly platformKind: PlatformKind;
  /** Address a server inside a container binds to: loopback on a host, all interfaces in a container. */
  readonly listenAddress: string;
  /** Makes an identity that a workload can run as, in the stack of `scope`. It may do nothing until granted. */
  addIdentity(scope: Construct, id: string): Identity;
  /**
   * Values of the `Host` header by which clients reach a port of the workload that `run(scope, id, …)` starts, for
   * servers that check it: `<name>:<port>`, of clients beside it and of those outside of the platform.
   */
  hostHeaders(scope: Construct, id: string, port: WorkloadPort): readonly string[];
  /** Runs a workload in the stack of `scope`; refuses one that `checkWorkload` refuses. */
  run(scope: Construct, id: string, workload: Workload): RunningWorkload;
  /** Makes a secret at the first apply and keeps it; in the stack of `scope`. */
  generateSecret(scope: Construct, id: string, props?: GenerateSecretProps): Secret;
}

/** Runs images, not plain processes. */
export interface ContainerPlatform extends Platform {
  readonly platformKind: Exclude<PlatformKind, 'host'>;
  /**
   * Runs a task in the stack of `scope` to its end, and again when anything of it changes; the apply fails when it
   * does. Workloads of the same stack start after it where the platform can wait; elsewhere they have to stand its
   * coming late, by ending and being started again.
   */
  runTask(scope: Construct, id: string, task: Task): void;
}

/** Whether a platform runs images. */
export function runsContainers(platform: Platform): platform is ContainerPlatform {
  return platform.platformKind !== 'host';
}

/**
 * `host`: plain processes; `docker`: containers of one Docker engine; `kubernetes`: pods; `machines`: containers on
 * virtual machines.
 */
export type PlatformKind = 'host' | 'docker' | 'kubernetes' | 'machines';

/** A port that a workload declares. */
export interface WorkloadPort {
  /** `<container>.<port name>` */
  readonly name: string;
  readonly port: number;
}

/**
 * Ports of the machine, on its loopback address, by the ports of workloads that they lead to: `<workload>.<port name>`,
 * e.g. `{ 'mlflow.http': 5510 }`. A workload is named by {@link workloadName}.
 */
export type PublishedPorts = Readonly<Record<string, number>>;

export interface GenerateSecretProps {
  /** Number of characters out of A-Z, a-z and 0-9. @default 32 */
  readonly length?: number;
}

export interface RunningWorkload {
  /** Endpoints by `<container>.<port name>`. */
  readonly endpoints: Readonly<Record<string, Endpoint>>;
}

export interface Endpoint {
  /** Host name or address to connect to. */
  readonly host: StackOutput;
  readonly port: StackOutput;
  /** `<protocol>://<host>:<port>`, for reading by people and clients. */
  readonly url: Text;
  /** URL for people and programs outside of the platform. @default - they cannot reach it */
  readonly outsideUrl?: Text;
  /** What clients on the same platform connect to; none where the platform lets them anyway. */
  readonly peers: readonly Peer[];
}
