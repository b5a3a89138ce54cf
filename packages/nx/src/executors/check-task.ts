import type { ExecutorContext } from '@nx/devkit';
import { sideEffectCached } from '../errors';
import { hasSideEffects } from '../inference/target-names';
import {
  REQUESTED_PROJECT,
  REQUESTED_STAGE,
  requireStageOfNamed,
  requireStageOfWorkspace,
} from '../tasks/requested-stage';

/** A task of this plugin that is about to run. */
export interface CheckedTask {
  readonly project: string;
  readonly target: string;
  readonly options: { readonly stage?: string };
}

/**
 * Refuses a task that a cache would replay next time, that is given a stage no environment has, or that its environment lacks
 * although the command line names it, or that runs without the stage the command line asks for. A refused task fails, so nothing of it ever comes into a cache.
 * @throws MlterraError
 */
export function checkTask({ project, target, options }: CheckedTask, context: ExecutorContext): void {
  const { root, targets } = context.projectsConfigurations.projects[project]!;
  const { executor, cache } = targets![target]!;
  if (hasSideEffects(executor) && cache === true) throw sideEffectCached([`${project}:${target}`]);
  const stage = process.env[REQUESTED_STAGE] || options.stage;
  requireStageOfWorkspace(context.root, stage);
  requireStageOfNamed(context.root, { name: project, root }, process.env[REQUESTED_PROJECT], stage);
}
