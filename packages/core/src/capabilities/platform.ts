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
  /** Runs a workload in the stack of `scope`. */
  run(scope: Construct, id: string, workload: Workload): RunningWorkload;
  /** Makes a secret at the first apply and keeps it; in the stack of `scope`. */
  generateSecret(scope: Construct, id: string, props?: GenerateSecretProps): Secret;
}

export type PlatformKind = 'host';

export interface GenerateSecretProps {
  /** Number of characters out of A-Z, a-z and 0-9. @default 32 */
  readonly length?: number;
}

export interface RunningWorkload {
  readonly identity: Identity;
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
