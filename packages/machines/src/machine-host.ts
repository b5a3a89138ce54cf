import type { MachineGroup, StackOutput } from '@mlterra/core';
import type { Construct } from 'constructs';
import type { UserDataEncoding } from './cloud-init/user-data';

/** What a machine answers with on {@link MachineGroupRequest.healthCheck}: 200 while all of its containers are well. */
export interface MachineHealth {
  readonly port: number;
  readonly httpPath: string;
  /** How long the first start may take: packages are installed, images pulled, programs started. */
  readonly startSeconds: number;
}

/** Machines that a stack wants. */
export interface MachineGroupRequest {
  /** What cloud-init reads: a Terraform template, to be treated as a secret. */
  readonly userData: string;
  /** Machines that always run, all alike; a number that is known when the stack is complete (a token of CDKTF). */
  readonly machines: number;
  readonly healthCheck: MachineHealth;
}

/** Machines that were made for a stack. */
export interface ReachableMachines extends MachineGroup {
  /** Where clients of other stacks connect to: a load balancer, or the one machine. */
  readonly address: StackOutput;
  /**
   * What such clients write into `Host` headers, without the port. It becomes part of the user data, so it has to be known
   * before there is a machine. @default - programs that check the header refuse clients of other stacks
   */
  readonly hostNames?: readonly string[];
}

/** What a cloud does for the renderer. */
export interface MachineCloud {
  /** Makes the machines of one stack; called once for each, when the stack first runs something. */
  addGroup(scope: Construct, id: string, request: MachineGroupRequest): ReachableMachines;
  /** Address ranges of clients outside of the machine: ports of workloads are opened for them. */
  readonly clients: readonly string[];
  /** Device of a disk that outlives the machine, for volumes. @default - the machine's own disk, if `keepsMachines` */
  readonly dataDisk?: string;
  /**
   * Whether a machine stays when its user data changes, and is never replaced because it is ill. Without it and without a
   * `dataDisk`, workloads with volumes are refused: their data would go with the machine. @default false
   */
  readonly keepsMachines?: boolean;
  /** How the cloud wants user data. @default "plain" */
  readonly encoding?: UserDataEncoding;
  /** Most bytes of user data that it takes, in the encoding chosen: base64 is a third longer than what it holds. @default 16384 */
  readonly maxBytes?: number;
}
