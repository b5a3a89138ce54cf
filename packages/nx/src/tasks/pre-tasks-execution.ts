import { readCachedProjectGraph, type PreTasksExecution, type ProjectGraph } from '@nx/devkit';
import { sideEffectCached } from '../errors';
import { INFERRED_TARGETS } from '../inference/target-names';
import { cachedSideEffects } from './cached-side-effects';
import {
  REQUESTED_PROJECT,
  REQUESTED_STAGE,
  requireStageOfNamed,
  requireStageOfWorkspace,
} from './requested-stage';
import { requestedTasks } from './requested-tasks';

/**
 * Runs before any task. Refuses a stage that no environment has, or that the environment lacks that is named, and side effects that would be cached.
 * The tasks check both again, for those that are reached as dependencies of others.
 */
export const preTasksExecution: PreTasksExecution = (_options, { argv, workspaceRoot }) => {
  const { targets, configuration, project } = requestedTasks(argv);
  process.env[REQUESTED_STAGE] = configuration ?? '';
  if (project === undefined) delete process.env[REQUESTED_PROJECT];
  else process.env[REQUESTED_PROJECT] = project;
  if (!targets.some((target) => INFERRED_TARGETS.includes(target))) return;
  requireStageOfWorkspace(workspaceRoot, configuration);
  const graph = projectGraph();
  // Which one is that of the current folder only the task knows.
  for (const { name, data } of project ? Object.values(graph.nodes) : []) {
    requireStageOfNamed(workspaceRoot, { name, root: data.root }, project, configuration);
  }
  const cached = cachedSideEffects(graph);
  if (cached.length > 0) throw sideEffectCached(cached);
};

/** The graph Nx has just made. A command may be told to keep none; then the check in the tasks remains. */
function projectGraph(): ProjectGraph {
  try {
    return readCachedProjectGraph();
  } catch {
    return { nodes: {}, dependencies: {} };
  }
}
