import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** A module that an init has fetched. */
export interface InstalledModule {
  /** Names of the calls that lead to it, with `.` between. */
  readonly key: string;
  /** Absolute path. */
  readonly dir: string;
}

/** What the last init of a working folder has fetched, its own configuration aside. */
export function readInstalledModules(workDir: string): readonly InstalledModule[] {
  const file = path.join(workDir, '.terraform', 'modules', 'modules.json');
  if (!existsSync(file)) return [];
  const { Modules: modules } = JSON.parse(readFileSync(file, 'utf8')) as {
    readonly Modules?: readonly { readonly Key: string; readonly Dir: string }[];
  };
  return (modules ?? [])
    .filter(({ Key: key }) => key !== '')
    .map(({ Key: key, Dir: dir }) => ({ key, dir: path.resolve(workDir, dir) }));
}

/** Whether a module is fetched by an init, and not read where it is. */
export function isRemoteSource(source: string): boolean {
  return !/^\.{1,2}\//.test(source);
}

/** Whether the version of a remote module decides what is in it: an exact one, a commit or a tag with a version. */
export function isPinned({
  source,
  version,
}: {
  readonly source: string;
  readonly version?: string | undefined;
}): boolean {
  if (version !== undefined) return /^=?\s*\d+\.\d+\.\d+(?:[-+][\w.+-]*)?$/.test(version.trim());
  const [, ref] = /[?&](?:ref|versionId)=([^&]+)/.exec(source) ?? [];
  return (
    ref !== undefined &&
    (/^(?:refs\/tags\/)?v?\d+(?:\.\d+)+/.test(ref) ||
      /^[0-9a-f]{40}$/.test(ref) ||
      source.includes('versionId='))
  );
}
