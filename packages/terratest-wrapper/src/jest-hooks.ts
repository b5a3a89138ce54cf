import { currentTest, endTest } from './current-test';

interface Hooks {
  /** Runs when a test has ended, passed or not, or by its timeout. */
  afterEach(test: string): Promise<void>;
  /** Runs when all tests of the file have ended. */
  afterAll(): Promise<void>;
}

type Register = (hook: () => Promise<void>, timeout: number) => void;

/** The longest a timer takes: a destroy is not cut off. */
const FOREVER_MILLISECONDS = 2 ** 31 - 1;

/**
 * Registers hooks for the file that is being loaded.
 * @returns whether there is no test runner, or it took them; it does not while a test runs
 */
export function registerHooks(hooks: Hooks): boolean {
  const { afterEach, afterAll } = globalThis as { afterEach?: Register; afterAll?: Register };
  if (afterEach === undefined || afterAll === undefined) return true;
  if (currentTest() !== undefined) return false;
  afterEach(async () => {
    const test = currentTest();
    if (test === undefined) return;
    endTest(test);
    await hooks.afterEach(test);
  }, FOREVER_MILLISECONDS);
  afterAll(() => hooks.afterAll(), FOREVER_MILLISECONDS);
  return true;
}
