import fc from 'fast-check';
import { drawn, isInThisRun, sampleOf } from './long-tests';

const cases = fc.uniqueArray(fc.string(), { maxLength: 12 });
const before = { ...process.env };

/** As the test command sets it. */
function run<T>(variables: { readonly full?: boolean; readonly seed: number }, test: () => T): T {
  process.env['MLTERRA_TEST_FULL'] = variables.full ? '1' : '';
  process.env['MLTERRA_TEST_SEED'] = String(variables.seed);
  return test();
}
afterEach(() => {
  for (const name of ['MLTERRA_TEST_FULL', 'MLTERRA_TEST_SEED']) {
    if (before[name] === undefined) delete process.env[name];
    else process.env[name] = before[name];
  }
});

const seeds = Array.from({ length: 100 }, (_, seed) => seed);

describe('a sample of cases', () => {
  it('has as many as are wanted, in their order, the same ones for the same seed', () => {
    fc.assert(
      fc.property(cases, fc.nat(14), fc.integer(), (all, count, seed) => {
        const sample = drawn(all, count, seed);
        expect(sample).toHaveLength(Math.min(count, all.length));
        expect(all.filter((one) => sample.includes(one))).toEqual(sample);
        expect(drawn(all, count, seed)).toEqual(sample);
      }),
    );
  });

  it('is all of them in the full tier, and reaches each with one seed or another', () => {
    const all = ['a', 'b', 'c', 'd'];
    expect(run({ full: true, seed: 1 }, () => sampleOf(all, 1))).toEqual(all);
    const reached = seeds.map((seed) => run({ seed }, () => sampleOf(all, 1)));
    expect(new Set(reached.map(String))).toEqual(new Set(all));
  });
});

describe('a long test', () => {
  it('is always in the full tier, and in some of the other runs', () => {
    const isIn = (full: boolean) => seeds.filter((seed) => run({ full, seed }, () => isInThisRun('x', 4)));
    expect(isIn(true)).toEqual(seeds);
    expect(isIn(false).length).toBeGreaterThan(0);
    expect(isIn(false).length).toBeLessThan(seeds.length / 2);
  });

  it('is drawn by its own name', () => {
    const runs = (name: string) => seeds.filter((seed) => run({ seed }, () => isInThisRun(name, 2)));
    expect(runs('x')).not.toEqual(runs('y'));
  });
});
