import { MlterraError } from '@mlterra/core';
import { isErrorLike, messageOf } from '../errors';
import type { EnvironmentRun } from './context';
import { interruption } from './interruption';
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
    const signal = interruption();
    if (signal !== undefined && isOfInterruption(error)) {
      return finish({ status: 'interrupted', reasons: [`${signal}: ${stoppedText(error)}`] });
    }
    return finish({ status: 'failed', reasons: [], error: describeError(error, run.request.verbose) });
  }
}

/** Whether an error is what a stop looks like. What a killed engine may have left is an error to be read. */
function isOfInterruption(error: unknown): boolean {
  return MlterraError.is(error) && ['interrupted', 'engine-failed'].includes(error.code);
}

function stoppedText(error: unknown): string {
  return (error as MlterraError).code === 'interrupted'
    ? 'not begun'
    : 'stopped on the way; what was done is in the state, and the next apply goes on from there';
}

/** Code and message of an error; with the stack trace when asked for. */
export function describeError(error: unknown, verbose = false): { code: string; message: string } {
  const code = MlterraError.is(error) ? error.code : 'defect';
  const trace = isErrorLike(error) ? [error.stack, isErrorLike(error.cause) ? error.cause.stack : ''] : [];
  const message = messageOf(error);
  return { code, message: verbose ? [message, ...trace].filter(Boolean).join('\n') : message };
}
