import { asCleanUp, cancelCalls, closeCalls } from './calls';
import { cleanUpsFailed, cleanUpTooLate, importedLate } from './errors';
import { registerHooks } from './jest-hooks';
import { beforeEnd, stopWatchingSignals, watchSignals } from './signals';

export type CleanUp = () => unknown;

const registered: CleanUp[] = [];
let done: Promise<void> | undefined;

/**
 * Registers what removes something again; call it before that is made. All clean-ups run once, the last one
 * first, when the tests of the file have ended, failed or not, or when Jest is ended by SIGINT, SIGTERM or
 * SIGHUP. One that fails is reported, and the others still run.
 */
export function cleanup(work: CleanUp): void {
  if (!hooked) throw importedLate();
  if (done !== undefined) throw cleanUpTooLate();
  watchSignals();
  registered.push(work);
}

/**
 * Ends calls that still run and runs the clean-ups; nothing can be begun afterwards. Jest does this by itself.
 * @throws when a clean-up failed, after all have run
 */
export function runCleanups(): Promise<void> {
  return (done ??= endAll());
}

async function endAll(): Promise<void> {
  closeCalls();
  await cancelCalls();
  const failures: unknown[] = [];
  for (const work of [...registered].reverse()) {
    try {
      await asCleanUp(async () => work());
    } catch (error) {
      failures.push(error);
    }
  }
  // Tunnels that clean-ups opened.
  await cancelCalls();
  if (failures.length > 0) throw cleanUpsFailed(failures, registered.length);
}

beforeEnd(runCleanups);
const hooked = registerHooks({
  afterEach: (test) => cancelCalls(test),
  afterAll: () => runCleanups().finally(() => stopWatchingSignals()),
});
