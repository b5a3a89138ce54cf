import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { buildCache, buildOnce } from '../go-build';
import { moduleKey } from '../module-key';

/** With `node-image/`, which is no part of the program. */
export const KIND_FOLDER = join(__dirname, '..', '..', 'kind');

/** Path of the kind binary, built or not. */
export function kindPath(): string {
  return join(buildCache(), `kind-${moduleKey(join(KIND_FOLDER, 'command'))}`, 'kind');
}

export function isKindBuilt(): boolean {
  return existsSync(kindPath());
}

/** Path of a kind binary, of the version in `kind/command/go.mod`; built on first use, in ten seconds. */
export async function kindBinary(): Promise<string> {
  const path = kindPath();
  await buildOnce({ name: 'kind', module: join(KIND_FOLDER, 'command'), package: 'sigs.k8s.io/kind' }, path);
  return path;
}
