import type { Finding } from '@mlterra/testing/contracts';

/**
 * Throws in one line when something is red before any wire is cut: what a cut shows then says nothing, and the
 * findings stand at the tests of the cells already.
 * @param red what is red, by the name of what it is about
 */
export function expectUntouchedGreen(red: Readonly<Record<string, readonly Finding[]>>): void {
  const names = Object.entries(red).map(
    ([name, findings]) => `${name} (${[...new Set(findings.map(({ check }) => check))].join(', ')})`,
  );
  if (names.length === 0) return;
  const error = new Error(`red before a wire is cut: ${names.join('; ')}; see the test of that first`);
  // Without a code frame of this file.
  error.stack = error.message;
  throw error;
}
