import { existsSync } from 'node:fs';
import path from 'node:path';
import {
  listEnvironments,
  requireEnvironment,
  requireStage,
  requireStageOfEach,
  type EnvironmentLocation,
} from '@mlterra/workspace';
import { environmentNotNamed, noEnvironments } from './errors';

export interface Selection {
  readonly workspaceRoot: string;
  /** Names or paths as given. */
  readonly given: readonly string[];
  readonly cwd: string;
  /** Command that asks, for the error. */
  readonly command: string;
  /** Whether a command without names means all environments. */
  readonly allByDefault: boolean;
  /** Stage that was asked for by `-c`, if any. */
  readonly stage: string | undefined;
}

/**
 * The environments a command is about: those given; else the one the current folder is in; else, for commands that change
 * nothing, all of the workspace. Those given, and that of the current folder, must have the stage that is asked for; of
 * all of the workspace one must.
 * @throws MlterraError
 */
export function selectEnvironments(selection: Selection): readonly EnvironmentLocation[] {
  const { workspaceRoot, stage } = selection;
  const named = namedEnvironments(selection);
  const selected = named ?? allEnvironments(selection);
  if (stage !== undefined) {
    requireStage([...listEnvironments(workspaceRoot), ...selected], stage);
    if (named !== undefined) requireStageOfEach(named, stage);
  }
  return selected;
}

function namedEnvironments(selection: Selection): readonly EnvironmentLocation[] | undefined {
  const { workspaceRoot, given, cwd } = selection;
  if (given.length > 0) {
    const named = given.map((name) => requireEnvironment(workspaceRoot, name, cwd));
    return [...new Map(named.map((environment) => [environment.dir, environment])).values()];
  }
  const current = currentEnvironment(workspaceRoot, cwd);
  return current === undefined ? undefined : [requireEnvironment(workspaceRoot, current, cwd)];
}

function allEnvironments(selection: Selection): readonly EnvironmentLocation[] {
  const { workspaceRoot, command, allByDefault } = selection;
  const known = listEnvironments(workspaceRoot);
  if (!allByDefault) {
    throw environmentNotNamed(
      command,
      known.map(({ name }) => name),
    );
  }
  if (known.length === 0) throw noEnvironments(workspaceRoot);
  return known;
}

/** The nearest folder with an environment.ts, upward to the root of the workspace. */
function currentEnvironment(workspaceRoot: string, cwd: string): string | undefined {
  for (let folder = cwd; folder.startsWith(workspaceRoot + path.sep); folder = path.dirname(folder)) {
    if (existsSync(path.join(folder, 'environment.ts'))) return folder;
  }
  return undefined;
}
