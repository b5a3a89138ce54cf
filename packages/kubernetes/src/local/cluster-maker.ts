import type { Targets } from '@mlterra/core';
import type { Kubeconfig } from '../hook-data';
import type { MadeCluster } from './desired-cluster';

/** A tool that makes clusters on this machine, by its own commands. */
export interface ClusterMaker {
  /** Name of the tool and of its command, e.g. `kind`. */
  readonly tool: string;
  /** How a person removes a cluster. */
  removal(name: string): string;
  /** Whether new settings can be given to a cluster that is there. */
  readonly changes: boolean;
  /** @throws MlterraError where the tool, or what it needs, is not there */
  check(cluster: MadeCluster): Promise<void>;
  exists(name: string): Promise<boolean>;
  /** Where the environment of the caller has it make clusters. @default - on this machine, whatever it says */
  targets?(cluster: MadeCluster): Targets;
  /** Makes a cluster, or changes it where it can, and puts its context into the kubeconfig. */
  make(cluster: MadeCluster, kubeconfig: Kubeconfig): Promise<void>;
  /** Starts a cluster that is there, where it is stopped, and puts its context into the kubeconfig. */
  start(cluster: MadeCluster, kubeconfig: Kubeconfig): Promise<void>;
  /** Removes a cluster, or what is left of one, and its context; does nothing where there is none. */
  remove(cluster: MadeCluster, kubeconfig: Kubeconfig): Promise<void>;
}
