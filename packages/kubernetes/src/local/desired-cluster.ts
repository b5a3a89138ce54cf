import type { Kubeconfig } from '../hook-data';

/** Variables of the provisioner of `terraform_data.cluster`: key of its stack, and a {@link DesiredCluster}. */
export const STACK_VARIABLE = 'MLTERRA_CLUSTER_STACK';
export const DESIRED_VARIABLE = 'MLTERRA_CLUSTER_DESIRED';

/** What a stack wants of a cluster on this machine. It is in the plan and the state, and holds no secret. */
export interface DesiredCluster extends Kubeconfig {
  /** Class that its volumes must have; empty for the cluster's default class. */
  readonly storageClass: string;
  /** The cluster to make, without which it must be there. */
  readonly make: MadeCluster | null;
}

/** A cluster that a tool makes. */
export interface MadeCluster {
  /** As the tool names it. */
  readonly name: string;
  /** Ports of this machine that it takes, on loopback. */
  readonly ports: readonly number[];
  /** Whatever else the tool is told. */
  readonly settings: unknown;
}

/** What the hooks of a cluster's stack are told; without `make` there is nothing to look after. */
export type ClusterHookData = DesiredCluster;
