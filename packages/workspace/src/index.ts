export {
  ENVIRONMENTS_PATTERN,
  listEnvironments,
  requireEnvironment,
  type EnvironmentLocation,
} from './environments';
export { parseStageNames, readStageNames } from './stage-names';
export { requireStage, requireStageOfEach, stageNamesOf } from './stages';
export { findWorkspaceRoot } from './workspace-root';
