import { setTimeout as delay } from 'node:timers/promises';
import { currentTest, endingsOf } from './current-test';
import { callRefused, retriesUsedUp } from './errors';

export interface RetryOptions {
  /** How often the action is run again. @default 30 */
  readonly maxRetries?: number;
  /** @default 2 */
  readonly timeBetweenRetriesSeconds?: number;
}

/** Thrown by an action that need not be tried again. */
export class FatalError extends Error {
  public override readonly name = 'FatalError';
}

/** Runs an action until it does not throw, as Terratest's `retry.DoWithRetry`; ends with its test. */
export async function retry<T>(
  description: string,
  action: () => T | Promise<T>,
  { maxRetries = 30, timeBetweenRetriesSeconds = 2 }: RetryOptions = {},
): Promise<T> {
  const test = currentTest();
  const endings = endingsOf(test);
  let last: unknown;
  for (let attempt = 0; attempt <= maxRetries; attempt++) {
    if (attempt > 0) await delay(timeBetweenRetriesSeconds * 1000);
    if (endingsOf(test) !== endings) throw callRefused(description);
    try {
      return await action();
    } catch (error) {
      if (error instanceof FatalError) throw error;
      last = error;
    }
  }
  throw retriesUsedUp(description, maxRetries + 1, last);
}
