import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { workspaceMissing } from './errors';

/**
 * The root of the workspace that `from` lies in: the nearest folder, upward, with an nx.json or a package.json with
 * `workspaces`; in a plain project, the nearest with node_modules.
 * @throws MlterraError when there is none
 */
export function findWorkspaceRoot(from: string): string {
  const folders = upward(path.resolve(from));
  const root =
    folders.find((folder) => existsSync(path.join(folder, 'nx.json')) || hasWorkspaces(folder)) ??
    folders.find((folder) => existsSync(path.join(folder, 'node_modules')));
  if (root === undefined) throw workspaceMissing(from);
  return root;
}

function upward(folder: string): string[] {
  const parent = path.dirname(folder);
  return parent === folder ? [folder] : [folder, ...upward(parent)];
}

function hasWorkspaces(folder: string): boolean {
  const file = path.join(folder, 'package.json');
  return existsSync(file) && 'workspaces' in (JSON.parse(readFileSync(file, 'utf8')) as object);
}
