import { createHash } from 'node:crypto';

/**
 * Whether this run has a long test: the full tier (`npm run test:full`) has all of them, every other run one in `oneIn`,
 * which its seed decides. A test that it has not is not defined, so it is no skipped one.
 * @param name the test's
 */
export function isInThisRun(name: string, oneIn: number): boolean {
  return isFullTier() || Number(`0x${rankOf(name, seedOfRun()).slice(0, 8)}`) % oneIn === 0;
}

/** Cases of a long test: all of them in the full tier, and in every other run `count`, which its seed decides. */
export function sampleOf<T>(cases: readonly T[], count: number): readonly T[] {
  return isFullTier() ? cases : drawn(cases, count, seedOfRun());
}

/** `count` of the cases, in their order; the same ones for the same seed. Cases print as different texts. */
export function drawn<T>(cases: readonly T[], count: number, seed: number): readonly T[] {
  const ranks = cases.map((one) => rankOf(String(one), seed));
  const limit = [...ranks].sort()[count];
  return limit === undefined ? cases : cases.filter((_, index) => ranks[index]! < limit);
}

function rankOf(name: string, seed: number): string {
  return createHash('sha256').update(`${seed} ${name}`).digest('hex');
}

function isFullTier(): boolean {
  return process.env['MLTERRA_TEST_FULL'] === '1';
}

/** A spec file that is run by itself always has the same ones. */
function seedOfRun(): number {
  return Number(process.env['MLTERRA_TEST_SEED'] ?? 1);
}
