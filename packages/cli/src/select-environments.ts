import { existsSync } from 'node:fs';
import path from 'node:path';
import { listEnvironments, requireEnvironment, type EnvironmentLocation } from '@mlterra/workspace';
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
}

/**
 * The environments a command is about: those given; else the one the current folder is in; else, for commands that change
 * nothing, all of the workspace.
 * @throws MlterraError
 */
export function selectEnvironments(selection: Selection): readonly EnvironmentLocation[] {
  const { workspaceRoot, given, cwd, command, allByDefault } = selection;
  if (given.length > 0) {
    const named = given.map((name) => requireEnvironment(workspaceRoot, name, cwd));
    return [...new Map(named.map((environment) => [environment.dir, environment])).values()];
  }
  const current = currentEnvironment(workspaceRoot, cwd);
  if (current !== undefined) return [requireEnvironment(workspaceRoot, current, cwd)];
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
