import path from 'node:path';
import { listEnvironments, requireStage, requireStageOfEach } from '@mlterra/workspace';

/** Carries the configuration asked for from the hook to the tasks, which Nx does not tell when it drops it. */
export const REQUESTED_STAGE = 'MLTERRA_REQUESTED_STAGE';

/** Carries the one project that the command line names, as {@link RequestedTasks} has it; unset where it selects projects. */
export const REQUESTED_PROJECT = 'MLTERRA_REQUESTED_PROJECT';

/** A project that may be an environment. */
export interface NamedProject {
  readonly name: string;
  /** Its folder, relative to the root of the workspace. */
  readonly root: string;
}

/**
 * Refuses a stage that no environment of the workspace has.
 * @throws MlterraError
 */
export function requireStageOfWorkspace(workspaceRoot: string, stage: string | undefined): void {
  if (stage === undefined || stage === '') return;
  requireStage(listEnvironments(workspaceRoot), stage);
}

/**
 * Refuses a stage that an environment lacks whose project the command line names.
 * @param given the project as the command line has it; empty where it is that of the current folder
 * @throws MlterraError
 */
export function requireStageOfNamed(
  workspaceRoot: string,
  { name, root }: NamedProject,
  given: string | undefined,
  stage: string | undefined,
): void {
  if (stage === undefined || stage === '' || given === undefined || !isNamed(name, given)) return;
  const dir = path.join(workspaceRoot, root);
  const environment = listEnvironments(workspaceRoot).find((location) => location.dir === dir);
  if (environment !== undefined) requireStageOfEach([environment], stage);
}

/** Whether a project is meant: Nx takes the last part of a scoped name, too. */
function isNamed(project: string, given: string): boolean {
  return given === '' || project === given || project.endsWith(`/${given}`);
}
