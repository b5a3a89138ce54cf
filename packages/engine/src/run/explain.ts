import { MlterraError } from '@mlterra/core';
import type { SynthesizedStack } from '../synth/synthesize';
import { loadHooks, type EnvironmentRun } from './context';
import { hookContext } from './hook-context';

/** Does what may fail; an error gets what the platforms of the stack know of its reasons. */
export async function explained<T>(
  run: EnvironmentRun,
  stack: SynthesizedStack,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!MlterraError.is(error)) throw error;
    const reasons = await reasonsOf(run, stack);
    if (reasons.length === 0) throw error;
    const { code, message } = error;
    throw new MlterraError({
      code,
      message: [message, ...reasons.map((reason) => `  reason:   ${reason}`)].join('\n'),
      cause: error,
    });
  }
}

/** A platform that cannot be asked knows nothing: the error itself is the one to show. */
async function reasonsOf(run: EnvironmentRun, stack: SynthesizedStack): Promise<readonly string[]> {
  const reasons = stack.hooks.map(async (reference) => {
    const hooks = loadHooks(run.environment.dir, reference);
    return (await hooks.explain?.(hookContext(run, stack.key, reference))) ?? [];
  });
  const settled = await Promise.allSettled(reasons);
  return settled.flatMap((result) => (result.status === 'fulfilled' ? result.value : []));
}
