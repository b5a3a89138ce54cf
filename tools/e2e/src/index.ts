export { freePorts, isFree } from './free-ports';
export { kill, processesOf, processTree, type RunningProcess } from './processes';
export { localClusterEnvironment, type LocalClusterEnvironment } from './local-cluster-environment';
export { Proofs, type ProofsProps } from './proofs';
export { PythonClient, type Found, type Login } from './python-client';
export {
  succeeded,
  TemporaryWorkspace,
  type EnvironmentResult,
  type Result,
  type Run,
  type TemporaryWorkspaceProps,
} from './temporary-workspace';
export { until } from './until';
export { lockProviders } from './lock-providers';
export { leaksOf } from './leaks-of';
