export { currentContext } from './local/current-context';
export type { MadeCluster } from './local/desired-cluster';
export {
  checkNodes,
  clusterName,
  LocalCluster,
  type ExistingClusterProps,
  type LocalClusterDefinition,
  type LocalClusterProps,
} from './local/local-cluster';
