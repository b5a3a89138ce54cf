import { AsyncLocalStorage } from 'node:async_hooks';
import { callRefused } from './errors';
import { buildTerratest } from './helper-binary';
import { startHelper, type HelperProcess, type HelperRequest } from './helper-process';
import { currentTest, endingsOf } from './current-test';
import { watchSignals } from './signals';

interface Running {
  readonly test: string | undefined;
  readonly helper: HelperProcess;
  readonly finish: boolean;
}

const running = new Set<Running>();
const cleaning = new AsyncLocalStorage<boolean>();
let closed = false;

export type CallRequest = Omit<HelperRequest, 'finish'>;

/** Runs one call of Terratest to its end. */
export async function runCall(request: CallRequest): Promise<unknown> {
  const cleansUp = cleaning.getStore() === true;
  const helper = await begin(request, cleansUp);
  try {
    return await helper.result;
  } finally {
    // Only then is the state unlocked.
    await helper.ended;
  }
}

/** Runs one call whose process lives on when it has answered, until `close` or the end of the file's tests. */
export async function openCall(request: CallRequest): Promise<{ close(): Promise<void> }> {
  const helper = await begin(request, false);
  await helper.result;
  return {
    close: async () => {
      helper.cancel();
      await helper.ended;
    },
  };
}

/** Runs `work`, whose calls are begun even when all others are refused, and go on when this process is gone. */
export function asCleanUp<T>(work: () => Promise<T>): Promise<T> {
  return cleaning.run(true, work);
}

/** Ends the calls that one test, or any, began and has not waited for; settles when they have ended. */
export async function cancelCalls(test?: string): Promise<void> {
  const concerned = [...running].filter((one) => !one.finish && (test === undefined || one.test === test));
  for (const { helper } of concerned) helper.cancel();
  await Promise.all(concerned.map(({ helper }) => helper.ended));
}

/** From here on calls are refused, except those of clean-ups. */
export function closeCalls(): void {
  closed = true;
}

async function begin(request: CallRequest, finish: boolean): Promise<HelperProcess> {
  const test = currentTest();
  const endings = endingsOf(test);
  const refuse = (): void => {
    const isOver = closed || endingsOf(test) !== endings;
    if (isOver && cleaning.getStore() !== true) throw callRefused(request.what);
  };
  refuse();
  watchSignals();
  const binary = await buildTerratest();
  // The test may have ended meanwhile.
  refuse();
  const helper = startHelper(binary, { ...request, finish });
  const entry = { test, finish, helper };
  running.add(entry);
  void helper.ended.then(() => running.delete(entry));
  return helper;
}
