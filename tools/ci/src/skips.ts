import { readFileSync } from 'node:fs';
import type { AllowedSkip } from './tally';

/** Reads the tests that may be skipped; each needs a reason. */
export function readAllowedSkips(file: string): readonly AllowedSkip[] {
  const entries: unknown = JSON.parse(readFileSync(file, 'utf8'));
  if (!Array.isArray(entries)) throw new Error(`${file}: a list of {test, reason} is expected`);
  return entries.map((entry: Partial<AllowedSkip>) => {
    const { test = '', reason = '' } = entry;
    if (test.trim() === '' || reason.trim() === '') {
      throw new Error(`${file}: ${JSON.stringify(entry)} needs a test (its full name) and a reason`);
    }
    return { test, reason };
  });
}
