import { MlterraError, parseStackKey, type HooksReference } from '@mlterra/core';
import { loadHooks, type EnvironmentRun } from './context';

/**
 * After a destroy: asks the platforms to remove what is left of the stack.
 * @returns what is kept on purpose, in words
 * @throws MlterraError when something could not be removed
 */
export async function release(
  run: EnvironmentRun,
  key: string,
  references: readonly HooksReference[],
): Promise<readonly string[]> {
  const notes: string[] = [];
  const left: string[] = [];
  for (const reference of references) {
    const report = await loadHooks(run.environment.dir, reference).release?.({
      ...parseStackKey(key)!,
      environmentDir: run.environment.dir,
      data: reference.data,
      purge: run.request.purge === true,
    });
    if (report === undefined) continue;
    notes.push(...report.released.map((what) => `removed ${what}`), ...report.kept.map((what) => `kept ${what}`));
    left.push(...report.left);
  }
  if (left.length > 0) {
    throw new MlterraError({
      code: 'left-behind',
      message: `The state of ${key} is empty, but this is left: ${left.join(', ')}.`,
      remedy: 'run destroy again; what stays must be removed by hand',
    });
  }
  return notes;
}
