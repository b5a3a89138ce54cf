import { existsSync, readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { Step } from './step';

/** What is run, and in which order. */
export interface Plan {
  /** Before all else, one after the other: child processes run what is compiled, and the linter reads the graph of the projects. */
  readonly first: readonly Step[];
  /** Rows of steps that run beside each other. */
  readonly rows: readonly (readonly Step[])[];
  /** After all else: it compares what the tests proved with what the repository says. */
  readonly last: Step;
}

export interface PlanOptions {
  /** Also the long tests, and the coverage of all, which costs a fifth of the time. */
  readonly full: boolean;
  readonly seed: number;
}

/** Environments whose end-to-end tests only the full tier runs: a cluster of kind does the same as that of k3s, and is made first. */
const FULL_ONLY: readonly string[] = ['kind'];

/** The life of an environment, from the first apply to the purge. What else is tested end to end is for the full tier. */
const lifeOf = (name: string): string => `/${name}/e2e/${name}.e2e.ts$`;

/** It needs no server of the test bed, and so can run beside those that do. */
const ON_HOST = 'e2e quickstart';

/** Packages, and mutants of each, that the full tier tries: all of them would take days. */
const MUTATED = { packages: 2, mutants: 30 };

/** Reports what specs do not notice, on a sample; it fails only where it cannot tell. */
function mutants(reports: string, seed: number): Step {
  return {
    name: 'mutants',
    command: [
      'npm',
      ...['run', '--silent', 'test:mutants', '--'],
      ...[`--packages=${MUTATED.packages}`, `--sample=${MUTATED.mutants}`, `--seed=${seed}`],
    ],
    log: join(reports, 'mutants.log'),
  };
}

/** All checks and tests of the repository. */
export function planOf(root: string, reports: string, { full, seed }: PlanOptions): Plan {
  const npm = (script: string): Step => ({ name: script, command: ['npm', 'run', '--silent', script] });
  // One more than there are cores: tests mostly wait for Terraform, Nx and servers.
  const workers = availableParallelism() + 1;
  const jest = (name: string, ...args: readonly string[]): Step => jestOn(workers, name, ...args);
  const jestOn = (count: number, name: string, ...args: readonly string[]): Step => {
    const jestReport = join(reports, `${name.replace(/\W/g, '-')}.json`);
    const command = [
      process.execPath,
      join(root, 'node_modules/jest/bin/jest.js'),
      ...['--json', `--outputFile=${jestReport}`, `--maxWorkers=${count}`, `--seed=${seed}`, '--ci'],
      ...args,
    ] as const;
    return { name, command: [...command], jestReport };
  };
  // They want the test bed's engine for themselves, as an end-to-end test does.
  const ofServers = ['testbed', 'machine-proof'];
  const endToEnd = readdirSync(join(root, 'environments'))
    .sort()
    .filter((name) => existsSync(join(root, 'environments', name, 'jest.e2e.config.js')))
    .filter((name) => full || !FULL_ONLY.includes(name))
    .map((name) => ({
      ...jest(
        `e2e ${name}`,
        ...['-c', join('environments', name, 'jest.e2e.config.js')],
        ...(full ? [] : [lifeOf(name)]),
      ),
      log: join(reports, `e2e-${name}.log`),
    }));
  const extent = full
    ? ['--coverage', '--coverageReporters=json-summary', `--coverageDirectory=${reports}`]
    : [`--filter=${join(root, 'tools/long-specs.js')}`];
  return {
    first: [npm('build'), npm('graph')],
    // The first and the last keep the processors busy while the others wait for servers.
    rows: [
      [jest('jest', ...extent, '--ignoreProjects', ...ofServers)],
      [
        jestOn(1, 'jest testbed', '--selectProjects', ...ofServers),
        ...endToEnd.filter(({ name }) => name !== ON_HOST),
      ],
      [
        ...endToEnd.filter(({ name }) => name === ON_HOST),
        npm('typecheck'),
        npm('eslint'),
        npm('format:check'),
        ...(full ? [mutants(reports, seed)] : []),
      ],
    ],
    last: {
      name: 'matrix',
      command: [process.execPath, join(root, 'packages/cli/bin/mlterra.js'), 'matrix', '--check'],
    },
  };
}
