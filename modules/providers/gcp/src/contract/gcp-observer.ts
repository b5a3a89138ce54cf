import {
  observeKubernetesCharts,
  observeKubernetesObjects,
  observeKubernetesTasks,
  observeKubernetesWorkloads,
} from '@mlterra/kubernetes/contract';
import type { Observer } from '@mlterra/testing/contracts';
import { clusters } from './clusters';
import { machineGroups } from './machine-groups';
import { objectStores } from './object-stores';
import { postgresServers } from './postgres-servers';
import { workloadMember } from './workload-members';

/** What is there after an apply, read out of the applied resources. */
export const gcpObserver: Observer = {
  provider: 'gcp',
  clusters,
  postgresServers,
  objectStores,
  machineGroups,
  workloads: (stage) => observeKubernetesWorkloads(stage, workloadMember(stage)),
  tasks: observeKubernetesTasks,
  charts: observeKubernetesCharts,
  objects: observeKubernetesObjects,
};
