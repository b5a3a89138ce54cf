import type { Observer } from '@mlterra/testing/contracts';
import { clusters } from './clusters';
import { machineGroups } from './machine-groups';
import { objectStores } from './object-stores';
import { postgresServers } from './postgres-servers';

/** What is there after an apply, read out of the applied resources. */
export const gcpObserver: Observer = {
  provider: 'gcp',
  clusters,
  postgresServers,
  objectStores,
  machineGroups,
};
