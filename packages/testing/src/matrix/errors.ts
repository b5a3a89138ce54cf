import { MlterraError } from '@mlterra/core';

export function recordInvalid(file: string, cause: unknown): MlterraError {
  return new MlterraError({
    code: 'matrix-record-invalid',
    message: `${file} is no record of a test.`,
    remedy: 'delete it, and run the tests again',
    cause,
  });
}

export function matrixMissing(file: string): MlterraError {
  return new MlterraError({
    code: 'matrix-missing',
    message: `There is no support matrix: ${file} does not exist.`,
    remedy: 'run the tests, then `npx mlterra matrix --write`',
  });
}

export function matrixInvalid(file: string, cause: unknown): MlterraError {
  return new MlterraError({
    code: 'matrix-invalid',
    message: `${file} is no support matrix.`,
    expected: 'what `npx mlterra matrix --write` writes',
    cause,
  });
}

export function matrixStale(problems: readonly string[]): MlterraError {
  return new MlterraError({
    code: 'matrix-stale',
    message: `The support matrix does not say what the tests of this run proved:\n${problems.map((line) => `  ${line}`).join('\n')}`,
    remedy:
      'mend the tests whose cells are missing; then, or if the change is meant, `npx mlterra matrix --write` (with `--prune` to take cells away) and commit docs/matrix.json and README.md',
  });
}

export function testsFailed(problems: readonly string[]): MlterraError {
  return new MlterraError({
    code: 'matrix-tests-failed',
    message: `Nothing was written, because tests of cells failed:\n${problems.map((line) => `  ${line}`).join('\n')}`,
    remedy: 'mend what they found, and run them again',
  });
}

export function noRecords(folder: string): MlterraError {
  return new MlterraError({
    code: 'matrix-records-missing',
    message: `No test has left a record in ${folder}.`,
    remedy: 'run the tests first: `npm test`, or `npx jest tools/matrix` for the rehearsed cells alone',
  });
}

export function markersMissing(file: string): MlterraError {
  return new MlterraError({
    code: 'matrix-markers-missing',
    message: `${file} has no place for the support matrix.`,
    expected: 'the lines `<!-- matrix:start -->` and `<!-- matrix:end -->`, in this order',
  });
}
