import { MlterraError } from '@mlterra/core';
import { isErrorLike, messageOf } from '../errors';
import type { EnvironmentRun } from './context';
import type { StackResult } from './result';

/** Runs the work on one stack; whatever it throws becomes the result of that stack. */
export async function guarded(
  run: EnvironmentRun,
  key: string,
  work: () => Promise<Omit<StackResult, 'key' | 'seconds'>>,
): Promise<StackResult> {
  const start = performance.now();
  const finish = (result: Omit<StackResult, 'key' | 'seconds'>): StackResult => {
    const seconds = Math.round(performance.now() - start) / 1000;
    const whole = { key, ...result, seconds };
    run.progress.finish(whole);
    return whole;
  };
  run.progress.start(key);
  try {
    return finish(await work());
  } catch (error) {
    return finish({ status: 'failed', reasons: [], error: describeError(error, run.request.verbose) });
  }
}

/** Code and message of an error; with the stack trace when asked for. */
export function describeError(error: unknown, verbose = false): { code: string; message: string } {
  const code = MlterraError.is(error) ? error.code : 'defect';
  const trace = isErrorLike(error) ? [error.stack, isErrorLike(error.cause) ? error.cause.stack : ''] : [];
  const message = messageOf(error);
  return { code, message: verbose ? [message, ...trace].filter(Boolean).join('\n') : message };
}
