import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** A file of a stack beside its configuration. */
export interface Asset {
  /** Relative to the stack's folder, with `/`. */
  readonly path: string;
  readonly content: Buffer;
}

/** All files below a stack's folder but `cdk.tf.json`, sorted by path. */
export function readAssets(folder: string): readonly Asset[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .filter((file) => path.relative(folder, file) !== 'cdk.tf.json')
    .map((file) => ({
      path: path.relative(folder, file).split(path.sep).join('/'),
      content: readFileSync(file),
    }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}
