import type { Construct } from 'constructs';
import type { Value } from '../value';

/** Who a workload is, to the things that grant it access. Made by `platform.addIdentity`. */
export interface Identity {
  /** The construct the identity belongs to; grants are made in its stack. */
  readonly scope: Construct;
  /** Name, unique in the stage. */
  readonly name: string;
  /** Who it is to the cloud the platform runs on. @default - nobody: no cloud knows the platform */
  readonly principal?: Principal;
  /** Name of the service account that it is on a Kubernetes cluster, in the namespace of its stack. @default - it is none */
  readonly serviceAccount?: string;
}

/** A grantee in the terms of one cloud. */
export interface Principal {
  /** The cloud whose access management knows it, e.g. `gcp`; a store of another cloud refuses it. */
  readonly cloud: string;
  /** As the cloud writes it, e.g. `serviceAccount:…` or `principal://iam.googleapis.com/…`. */
  readonly member: Value;
}
