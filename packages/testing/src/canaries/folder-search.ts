import { readdirSync, readFileSync, type Dirent } from 'node:fs';
import { join, relative } from 'node:path';
import type { SecretSearch } from './secret-search';

/** Where a secret was found that nobody should find there. */
export interface Leak {
  /** Path below the folder, with slashes. */
  readonly file: string;
  /** Names of the secrets. */
  readonly secrets: readonly string[];
}

/**
 * Searches every file below a folder; what links point to outside of it is left aside.
 * @param isMeant whether secrets may stand in a file, e.g. in a state
 */
export function secretsInFolder(
  folder: string,
  search: SecretSearch,
  isMeant: (file: string) => boolean,
): { readonly leaks: readonly Leak[]; readonly meant: readonly string[]; readonly files: number } {
  const leaks: Leak[] = [];
  const meant: string[] = [];
  const files = filesBelow(folder);
  for (const path of files) {
    const file = relative(folder, path).split('\\').join('/');
    const secrets = search.in(readFileSync(path));
    if (secrets.length === 0) continue;
    if (isMeant(file)) meant.push(file);
    else leaks.push({ file, secrets });
  }
  return { leaks, meant, files: files.length };
}

function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry: Dirent) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return filesBelow(path);
    return entry.isFile() ? [path] : [];
  });
}
