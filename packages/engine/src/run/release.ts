import { MlterraError, type HooksReference } from '@mlterra/core';
import { loadHooks, type EnvironmentRun } from './context';
import { hookContext } from './hook-context';

export interface Released {
  readonly reasons: readonly string[];
  readonly kept: readonly string[];
}

/**
 * After a destroy: asks the platforms to remove what is left of the stack.
 * @returns what was removed and what is kept on purpose, in words
 * @throws MlterraError when something could not be removed
 */
export async function release(
  run: EnvironmentRun,
  key: string,
  references: readonly HooksReference[],
): Promise<Released> {
  const reasons: string[] = [];
  const kept: string[] = [];
  const left: string[] = [];
  for (const reference of references) {
    const report = await loadHooks(run.environment.dir, reference).release?.({
      ...hookContext(run, key, reference),
      purge: run.request.purge === true,
    });
    if (report === undefined) continue;
    reasons.push(...report.released.map((what) => `removed ${what}`));
    kept.push(...report.kept);
    left.push(...report.left);
  }
  if (left.length > 0) {
    throw new MlterraError({
      code: 'left-behind',
      message: `The state of ${key} is empty, but this is left: ${left.join(', ')}.`,
      remedy: 'run destroy again; what stays must be removed by hand',
    });
  }
  return { reasons, kept };
}
