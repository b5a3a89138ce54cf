import { execFileSync } from 'node:child_process';

export interface SourcesWanted {
  /** Patterns relative to the folder of the package. */
  readonly mutate: readonly string[];
  /** Only files that changed since this commit. */
  readonly since?: string;
}

/** Specs and their helpers are not mutated, nor are files that only re-export. */
const NOT_MUTATED = /\.spec\.ts$|\.d\.ts$|\/testing\/|\/(index|parts)\.ts$/;

/** Sources of a package that are mutated, relative to the root of the workspace. */
export function sourcesOf(root: string, folder: string, { mutate, since }: SourcesWanted): readonly string[] {
  const patterns = (mutate.length === 0 ? ['src/**/*.ts'] : mutate).map(
    (pattern) => `:(glob)${pattern.startsWith(`${folder}/`) ? pattern : `${folder}/${pattern}`}`,
  );
  const git = (...args: readonly string[]): readonly string[] =>
    execFileSync('git', [...args, '--', ...patterns], { cwd: root, encoding: 'utf8' })
      .split('\n')
      .filter((line) => line !== '');
  const untracked = git('ls-files', '--others', '--exclude-standard');
  const tracked =
    since === undefined ? git('ls-files') : git('diff', '--name-only', '--diff-filter=d', since);
  return [...new Set([...tracked, ...untracked])].filter((file) => !NOT_MUTATED.test(file)).sort();
}
