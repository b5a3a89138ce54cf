export type { Kubeconfig } from './hook-data';
export { kubeconfigPath } from './cluster-api';
export { containerEngineTarget } from './local/container-engine-target';
export type { ClusterMaker } from './local/cluster-maker';
export type { MadeCluster } from './local/desired-cluster';
export { toolFailed, toolMissing } from './local/errors';
export { localClusterHooks } from './local/local-cluster-hooks';
export { lastOutput, runCommand, type CommandResult } from './local/run-command';
export { runLocalCluster } from './local/run-local-cluster';
