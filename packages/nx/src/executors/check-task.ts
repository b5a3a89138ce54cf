import type { ExecutorContext } from '@nx/devkit';
import { sideEffectCached } from '../errors';
import { hasSideEffects } from '../inference/target-names';
import { REQUESTED_STAGE, requireStageOfWorkspace } from '../tasks/requested-stage';

/** A task of this plugin that is about to run. */
export interface CheckedTask {
  readonly project: string;
  readonly target: string;
  readonly options: { readonly stage?: string };
}

/**
 * Refuses a task that a cache would replay next time, that is given a stage no environment has, or that runs without the stage
 * the command line asks for. A refused task fails, so nothing of it ever comes into a cache.
 * @throws MlterraError
 */
export function checkTask({ project, target, options }: CheckedTask, context: ExecutorContext): void {
  const { executor, cache } = context.projectsConfigurations.projects[project]!.targets![target]!;
  if (hasSideEffects(executor) && cache === true) throw sideEffectCached([`${project}:${target}`]);
  requireStageOfWorkspace(context.root, process.env[REQUESTED_STAGE] || options.stage);
}
