import { listEnvironments, requireStage } from '@mlterra/workspace';

/** Carries the configuration asked for from the hook to the tasks, which Nx does not tell when it drops it. */
export const REQUESTED_STAGE = 'MLTERRA_REQUESTED_STAGE';

/**
 * Refuses a stage that no environment of the workspace has.
 * @throws MlterraError
 */
export function requireStageOfWorkspace(workspaceRoot: string, stage: string | undefined): void {
  if (stage === undefined || stage === '') return;
  requireStage(listEnvironments(workspaceRoot), stage);
}
