/** Numbers from 0 to 1 that depend on the seed only (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** Cases of a long test: all of them in the full tier, and in every other run `count`, which its seed decides. */
export function sampleOf<T>(cases: readonly T[], count: number): readonly T[] {
  if (process.env['MLTERRA_TEST_FULL'] === '1') return cases;
  const random = seededRandom(Number(process.env['MLTERRA_TEST_SEED'] ?? 1));
  const rest = [...cases];
  while (rest.length > count) rest.splice(Math.floor(random() * rest.length), 1);
  return rest;
}
