import { readOptions } from './options';

describe('readOptions', () => {
  it('takes a random seed and the sample of the long tests where nothing is said', () => {
    const { full, seed } = readOptions([], {});
    expect(full).toBe(false);
    expect(Number.isInteger(seed)).toBe(true);
    expect(readOptions([], {}).seed).not.toBe(seed);
  });

  it('takes what is said', () => {
    expect(readOptions(['--full', '--seed', '42'], {})).toEqual({ full: true, seed: 42 });
    expect(readOptions([], { MLTERRA_TEST_FULL: '1', MLTERRA_TEST_SEED: '42' })).toEqual({
      full: true,
      seed: 42,
    });
    expect(readOptions(['--seed', '7'], { MLTERRA_TEST_SEED: '42' }).seed).toBe(7);
  });

  it.each(['x', '', '-1', '1.5', '2147483648'])('refuses the seed %j', (seed) => {
    expect(() => readOptions([`--seed=${seed}`], {})).toThrow(/is not a whole number from 0 to 2147483647/);
  });

  it('refuses what it does not know', () => {
    expect(() => readOptions(['--ful'], {})).toThrow(/--ful/);
  });
});
