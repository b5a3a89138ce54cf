import type { Construct } from 'constructs';
import type { StackOutput } from '../outputs';
import type { Secret, Text } from '../value';
import type { Workload } from '../workload';
import type { Identity } from './identity';

/** Runs workloads. */
export interface Platform {
  /** Which kind of platform this is. */
  readonly platformKind: PlatformKind;
  /** Address a server inside a container binds to: loopback on a host, all interfaces in a container. */
  readonly listenAddress: string;
  /** Makes an identity that a workload can run as, in the stack of `scope`. It may do nothing until granted. */
  addIdentity(scope: Construct, id: string): Identity;
  /**
   * Names by which clients reach the workload that `run(scope, id, …)` starts, without ports: for servers that
   * check the `Host` header.
   */
  hostNames(scope: Construct, id: string): readonly string[];
  /** Runs a workload in the stack of `scope`; refuses one that `checkWorkload` refuses. */
  run(scope: Construct, id: string, workload: Workload): RunningWorkload;
  /** Makes a secret at the first apply and keeps it; in the stack of `scope`. */
  generateSecret(scope: Construct, id: string, props?: GenerateSecretProps): Secret;
}

/**
 * `host`: plain processes; `kubernetes`: pods; `machines`: containers on virtual machines.
 */
export type PlatformKind = 'host' | 'kubernetes' | 'machines';

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
}
