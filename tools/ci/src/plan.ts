import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Step } from './step';

/** All checks and tests of the repository, in the order in which they are run. */
export function stepsOf(root: string, reports: string, seed: number): readonly Step[] {
  const npm = (script: string): Step => ({ name: script, command: ['npm', 'run', '--silent', script] });
  const jest = (name: string, ...args: readonly string[]): Step => {
    const jestReport = join(reports, `${name.replace(/\W/g, '-')}.json`);
    const command = [
      process.execPath,
      join(root, 'node_modules/jest/bin/jest.js'),
      ...['--json', `--outputFile=${jestReport}`, '--maxWorkers=2', `--seed=${seed}`, '--ci'],
      ...args,
    ] as const;
    return { name, command: [...command], jestReport };
  };
  const endToEnd = readdirSync(join(root, 'environments'))
    .sort()
    .filter((name) => existsSync(join(root, 'environments', name, 'jest.e2e.config.js')))
    .map((name) => jest(`e2e ${name}`, '-c', join('environments', name, 'jest.e2e.config.js')));
  return [
    npm('typecheck'),
    npm('lint'),
    npm('format:check'),
    jest('jest', '--coverage', '--coverageReporters=json-summary', `--coverageDirectory=${reports}`),
    ...endToEnd,
  ];
}
