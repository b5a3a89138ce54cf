import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** A file of a stack beside its configuration. */
export interface Asset {
  /** Relative to the stack's folder, with `/`. */
  readonly path: string;
  readonly content: Buffer;
  /** Whether it can be run, such as a script of a provisioner. @default false */
  readonly executable?: boolean;
}

/** All files below a stack's folder but `cdk.tf.json` and others at its top that are `leftOut`, sorted by path. */
export function readAssets(folder: string, leftOut: readonly string[] = ['cdk.tf.json']): readonly Asset[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => !leftOut.includes(name))
    .flatMap((entry) =>
      entry.isDirectory() ? filesBelow(path.join(folder, entry.name)) : [path.join(folder, entry.name)],
    )
    .filter((file) => statSync(file).isFile())
    .map((file) => ({
      path: path.relative(folder, file).split(path.sep).join('/'),
      content: readFileSync(file),
      ...((statSync(file).mode & 0o100) === 0 ? {} : { executable: true }),
    }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Writes the files of a stack into its folder. */
export function writeAssets(folder: string, assets: readonly Asset[]): void {
  for (const asset of assets) {
    const target = path.join(folder, asset.path);
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, asset.content, { mode: asset.executable === true ? 0o777 : 0o666 });
  }
}

function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
}
