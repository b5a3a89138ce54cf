import { readMutantOptions } from './options';

describe('readMutantOptions', () => {
  it('tries every mutant of every package by default, one at a time', () => {
    expect(readMutantOptions([])).toEqual({ mutate: [], slow: false, seed: 1, concurrency: 1 });
  });

  it('reads what is asked for', () => {
    const args = ['core', '--mutate', 'src/a.ts', '--mutate', 'src/b/**/*.ts', '--since', 'HEAD~1', '--slow'];
    expect(readMutantOptions([...args, '--sample', '20', '--seed', '7', '--concurrency', '2'])).toEqual({
      package: 'core',
      mutate: ['src/a.ts', 'src/b/**/*.ts'],
      since: 'HEAD~1',
      slow: true,
      sample: 20,
      seed: 7,
      concurrency: 2,
    });
  });

  it('refuses two packages and numbers that are none', () => {
    expect(() => readMutantOptions(['core', 'engine'])).toThrow('One package is expected, not core, engine.');
    for (const bad of ['0', 'x', '1.5', ' ']) {
      expect(() => readMutantOptions(['--sample', bad])).toThrow(/--sample .* is not a whole number from 1/);
    }
    expect(readMutantOptions(['--seed', '0'])).toMatchObject({ seed: 0 });
    expect(() => readMutantOptions(['--seed', '-1'])).toThrow(/--seed/);
    expect(readMutantOptions(['--packages', '3'])).toMatchObject({ packages: 3 });
    expect(() => readMutantOptions(['--packages', '0'])).toThrow(/--packages/);
    expect(() => readMutantOptions(['--fast'])).toThrow(/Unknown option '--fast'/);
  });
});
