import { existsSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';
import type { Step } from './step';
import type { JestReport } from './tally';

/** How long something of a run took. */
export interface Took {
  readonly name: string;
  readonly seconds: number;
}

/** How long the spec files of steps took, as their reports say; what ran beside them counts, too. */
export function specsOf(steps: readonly Step[], root: string): readonly Took[] {
  return steps.flatMap(({ jestReport }) => {
    if (jestReport === undefined || !existsSync(jestReport)) return [];
    const { testResults } = JSON.parse(readFileSync(jestReport, 'utf8')) as JestReport;
    return testResults.map(({ name, startTime, endTime }) => ({
      name: relative(root, name),
      seconds: (endTime - startTime) / 1000,
    }));
  });
}

/** The slowest of them, a line each, the slowest first. */
export function slowestTable(all: readonly Took[], count: number): string {
  return [...all]
    .sort((one, other) => other.seconds - one.seconds)
    .slice(0, count)
    .map(({ name, seconds }) => `${seconds.toFixed(1).padStart(7)} s  ${name}`)
    .join('\n');
}
