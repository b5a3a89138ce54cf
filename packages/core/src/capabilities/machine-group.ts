import type { Construct } from 'constructs';
import type { Port } from '../workload';
import type { Identity } from './identity';

/** Virtual machines with a container engine, all made alike and replaced one by one when they change. */
export interface MachineGroup {
  /** Who programs on the machines are. */
  readonly identity: Identity;
  /** Lets clients reach a port of the machines, in the stack of `scope`. No other port can be reached. */
  openPort(scope: Construct, id: string, props: OpenPortProps): void;
}

export interface OpenPortProps {
  readonly port: Port;
  /** Address ranges clients come from, e.g. `10.0.0.0/16`. The whole internet (`0.0.0.0/0`) is refused. */
  readonly from: readonly string[];
}
