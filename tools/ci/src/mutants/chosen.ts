import { seededRandom } from './random';

/** Some of the items, in the order they had. */
export function chosen<T>(items: readonly T[], size: number, seed: number): readonly T[] {
  const random = seededRandom(seed);
  return items
    .map((item, index) => ({ item, index, rank: random() }))
    .sort((one, other) => one.rank - other.rank)
    .slice(0, size)
    .sort((one, other) => one.index - other.index)
    .map(({ item }) => item);
}
