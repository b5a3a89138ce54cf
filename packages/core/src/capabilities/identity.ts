import type { Construct } from 'constructs';

/** Who a workload is, to the things that grant it access. */
export interface Identity {
  /** The construct the identity belongs to; grants are made in its stack. */
  readonly scope: Construct;
  /** Name, unique in the stage. */
  readonly name: string;
}
