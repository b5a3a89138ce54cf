import reports from 'junit-report-builder';
import type { RehearsalResult } from '../run/result';
import { usedTypes } from '../run/used-types';

/** A report in the XML of JUnit: a suite for each stack, a case for each step. */
export function renderJUnit(results: readonly RehearsalResult[]): string {
  const builder = reports.newBuilder();
  for (const { environment, stacks, error, seconds, levels } of results) {
    for (const { key, steps, config } of stacks) {
      const suite = builder
        .testSuite()
        .name(key)
        .time(sum(steps.map((step) => step.seconds)));
      for (const { source } of usedTypes([config])) {
        const level = levels[source];
        if (level !== undefined) suite.property(`level ${source}`, level);
      }
      for (const step of steps) {
        const test = suite.testCase().className(key.replaceAll('/', '.')).name(step.name).time(step.seconds);
        if (step.status === 'skipped') test.skipped();
        else if (step.status === 'failed') test.failure(firstLine(step.error ?? '')).stacktrace(step.error);
        if (step.note !== undefined) test.standardOutput(step.note);
      }
    }
    if (error !== undefined) {
      const suite = builder.testSuite().name(environment).time(seconds);
      suite
        .testCase()
        .className(environment)
        .name('rehearsal')
        .error(firstLine(error.message), undefined, error.message);
    }
  }
  return builder.build();
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}

function sum(numbers: readonly number[]): number {
  return Math.round(numbers.reduce((total, number) => total + number, 0) * 1000) / 1000;
}
