import { existsSync, readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import path from 'node:path';
import { hash } from '../digest/digest';

/** What Terraform and others leave in a module's folder, and what it is not made of. */
const LEFT_OUT: readonly string[] = [
  '.git',
  '.terraform',
  '.mlterra',
  'cdktf.out',
  'node_modules',
  '.terraform.lock.hcl',
];

/** More files than a module has, or a person means by `fileset`. */
const MOST = 10_000;

/** More than a chart has. */
const MOST_BYTES = 64 * 1024 * 1024;

/** Whether a file or folder of this name is part of a module. */
export function isPart(name: string): boolean {
  return !LEFT_OUT.includes(name) && !/\.tfstate(\.|$)/.test(name);
}

/** Hash of names and contents of all files of a module. */
export function hashTree(dir: string): string {
  return hashFiles(dir, walk(dir, isPart, Infinity)!);
}

function hashFiles(dir: string, files: readonly string[]): string {
  return hash(files.map((file) => `${file}\0${hash(contentOf(path.join(dir, file)))}\n`).join(''));
}

/** The same of a folder that a provider reads; undefined where it is too large to look at, or cannot be read. */
export function hashFolder(dir: string): string | undefined {
  try {
    const files = walk(dir, isPart, MOST);
    if (files === undefined) return undefined;
    const size = files.reduce((sum, file) => sum + statSync(path.join(dir, file)).size, 0);
    return size > MOST_BYTES ? undefined : hashFiles(dir, files);
  } catch {
    return undefined;
  }
}

/** A link to a folder counts by where it leads. */
function contentOf(file: string): string | Buffer {
  const stat = statSync(file, { throwIfNoEntry: false });
  return stat?.isFile() === true ? readFileSync(file) : readlinkSync(file);
}

/** Names of all files below a folder; undefined where there are too many. */
export function listTree(dir: string): readonly string[] | undefined {
  return existsSync(dir) ? walk(dir, () => true, MOST) : [];
}

function walk(dir: string, wanted: (name: string) => boolean, most: number): readonly string[] | undefined {
  const found: string[] = [];
  const folders = [''];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for (const entry of readdirSync(path.join(dir, folder), { withFileTypes: true })) {
      if (!wanted(entry.name)) continue;
      const name = path.join(folder, entry.name);
      if (entry.isDirectory()) folders.push(name);
      else found.push(name.split(path.sep).join('/'));
      if (found.length > most) return undefined;
    }
  }
  return found.sort();
}
