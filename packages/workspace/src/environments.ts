import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { environmentUnknown } from './errors';

/** Where environments are, relative to the root of the workspace. */
export const ENVIRONMENTS_PATTERN = 'environments/*/environment.ts';

export interface EnvironmentLocation {
  /** Name, the same as the folder's. */
  readonly name: string;
  /** Absolute path of the folder. */
  readonly dir: string;
  /** Absolute path of its environment.ts. */
  readonly file: string;
}

/** All environments of a workspace, by name. */
export function listEnvironments(workspaceRoot: string): readonly EnvironmentLocation[] {
  const folder = path.join(workspaceRoot, 'environments');
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .sort()
    .map((name) => locate(path.join(folder, name)))
    .filter((location) => existsSync(location.file));
}

/**
 * The environment of that name, or in that folder.
 * @param given a name under `environments/`, or a path from `cwd` to a folder with an environment.ts
 * @throws MlterraError when there is none
 */
export function requireEnvironment(workspaceRoot: string, given: string, cwd: string): EnvironmentLocation {
  const known = listEnvironments(workspaceRoot);
  const named = known.find((location) => location.name === given);
  if (named) return named;
  const byPath = locate(path.resolve(cwd, given));
  if (existsSync(byPath.file)) return byPath;
  throw environmentUnknown(
    given,
    known.map((location) => location.name),
  );
}

function locate(dir: string): EnvironmentLocation {
  return { name: path.basename(dir), dir, file: path.join(dir, 'environment.ts') };
}
