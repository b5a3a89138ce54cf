import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Instrumenter } from '@stryker-mutator/instrumenter';
import { chosen } from './chosen';

/**
 * Chooses some mutants of files.
 * @returns their places, as patterns for Stryker's `mutate`; all of them where there are no more than asked for
 */
export async function sampleOf(
  root: string,
  files: readonly string[],
  { size, seed }: { readonly size: number; readonly seed: number },
): Promise<readonly string[]> {
  const none = (): void => {};
  const instrumenter = new Instrumenter({
    ...{ isTraceEnabled: () => false, isDebugEnabled: () => false, isInfoEnabled: () => false },
    ...{ isWarnEnabled: () => false, isErrorEnabled: () => false, isFatalEnabled: () => false },
    ...{ trace: none, debug: none, info: none, warn: none, error: none, fatal: none },
  });
  const { mutants } = await instrumenter.instrument(
    files.map((name) => ({ name, mutate: true, content: readFileSync(join(root, name), 'utf8') })),
    { plugins: null, excludedMutations: [], ignorers: [] },
  );
  // Stryker counts lines from 1 in a pattern, from 0 elsewhere.
  const places = mutants
    .filter(({ status }) => status === undefined)
    .map(
      ({ fileName, location: { start, end } }) =>
        `${fileName}:${start.line + 1}:${start.column}-${end.line + 1}:${end.column}`,
    );
  return chosen([...new Set(places)], size, seed);
}
