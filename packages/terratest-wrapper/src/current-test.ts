/** How often tests have ended, by name: a test that is run again is another one. */
const endings = new Map<string, number>();

interface JestGlobals {
  readonly expect?: { getState?(): { readonly currentTestName?: string } };
}

/** Full name of the test that runs, or ran last; `undefined` before the first test, and without Jest. */
export function currentTest(): string | undefined {
  return (globalThis as JestGlobals).expect?.getState?.().currentTestName;
}

export function endTest(test: string): void {
  endings.set(test, endingsOf(test) + 1);
}

/** How often a test has ended; a change tells that what began in it has to stop. */
export function endingsOf(test: string | undefined): number {
  return test === undefined ? 0 : (endings.get(test) ?? 0);
}
