import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { planOf } from './plan';

describe('planOf', () => {
  const { first, rows, last } = planOf(join(__dirname, '../../..'), '/reports', 42);

  it('compiles before all else, and runs the end-to-end tests beside the others', () => {
    expect(first.name).toBe('typecheck');
    expect(rows.map((row) => row.map(({ name }) => name))).toEqual([
      ['lint', 'format:check', 'jest'],
      expect.arrayContaining(['e2e quickstart']),
    ]);
  });

  it('compares the support matrix with what all tests proved, at the end', () => {
    const [, binary, ...args] = last.command;
    expect(existsSync(binary!)).toBe(true);
    expect(args).toEqual(['matrix', '--check']);
  });
});
