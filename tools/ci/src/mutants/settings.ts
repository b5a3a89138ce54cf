import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';

/** `tools/ci/mutants.json` */
export interface MutantSettings {
  /** Percent of mutants that the specs of a package must kill, by its folder; `*` stands for every folder beside it. */
  readonly thresholds: Readonly<Record<string, number>>;
  /** Regular expressions; a spec that one of them is found in starts programs, and is left out unless it is asked for. */
  readonly slow: readonly string[];
}

/** A package whose sources are mutated. */
export interface MutatedPackage {
  /** Relative to the root of the workspace, with `/`. */
  readonly folder: string;
  /** Percent of mutants that the specs must kill. @default - whatever is killed is enough */
  readonly threshold?: number;
}

export function readSettings(root: string): MutantSettings {
  return JSON.parse(readFileSync(join(root, 'tools/ci/mutants.json'), 'utf8')) as MutantSettings;
}

/** All packages that have a threshold. */
export function packagesOf(root: string, { thresholds }: MutantSettings): readonly MutatedPackage[] {
  return Object.entries(thresholds).flatMap(([pattern, threshold]) => {
    if (!pattern.endsWith('/*')) return [{ folder: pattern, threshold }];
    const parent = pattern.slice(0, -2);
    return readdirSync(join(root, parent))
      .sort()
      .map((name) => ({ folder: `${parent}/${name}`, threshold }))
      .filter(({ folder }) => existsSync(join(root, folder, 'jest.config.js')));
  });
}

/**
 * Finds a package by its folder, the last part of it, or its name; one with a threshold comes first.
 * @throws Error when there is none
 */
export function findPackage(root: string, settings: MutantSettings, wanted: string): MutatedPackage {
  const asked = wanted.replace(/^\.\//, '').replace(/\/+$/, '');
  const known: readonly MutatedPackage[] = [
    ...packagesOf(root, settings),
    ...testedFolders(root).map((folder) => ({ folder })),
  ];
  const found = known.find(
    ({ folder }) => folder === asked || folder.endsWith(`/${asked}`) || nameOf(root, folder) === asked,
  );
  if (found !== undefined) return found;
  throw new Error(`No package "${wanted}". Name its folder or its npm name, such as ${known[0]?.folder}.`);
}

function testedFolders(root: string): readonly string[] {
  return execFileSync('git', ['ls-files', '--', ':(glob)**/jest.config.js'], { cwd: root, encoding: 'utf8' })
    .split('\n')
    .map((file) => posix.dirname(file))
    .filter((folder) => folder !== '.');
}

function nameOf(root: string, folder: string): string | undefined {
  return (JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as { name?: string }).name;
}
