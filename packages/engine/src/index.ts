export type { CommandName, CommandRequest } from './command';
export { computeResult, executeCommand } from './execute';
export type {
  CommandResult,
  EnvironmentResult,
  Service,
  StackResult,
  StackStatus,
  StageOutputs,
} from './run/result';
export { unlockEnvironment, type UnlockRequest } from './run/unlock';
export { lockProviders, type LockProvidersRequest } from './providers/lock-providers';
