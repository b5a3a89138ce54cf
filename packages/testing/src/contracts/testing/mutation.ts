import type { CheckReport } from '../check';

/** A seeded fault. */
export interface Mutation<F> {
  readonly fault: string;
  /** The one check that must be red. */
  readonly check: string;
  /** How it must name the fault. */
  readonly says: RegExp | string;
  readonly spoil: (facts: Loose<F>) => void;
}

/** Facts of which nothing is read-only or missing; a test that is wrong about that fails by itself. */
export type Loose<T> = T extends (...args: never[]) => unknown
  ? T
  : T extends RegExp
    ? T
    : T extends object
      ? { -readonly [K in keyof T]-?: Loose<Exclude<T[K], undefined>> }
      : T;

/** Registers a test for good facts, and one for every fault in them. */
export function mutationTests<F>(
  good: F,
  mutations: readonly Mutation<F>[],
  check: (facts: F) => CheckReport,
): void {
  it('finds nothing wrong with what is right', () => {
    expect(check(good).findings).toEqual([]);
  });

  it('has at least ten faults, each of its own', () => {
    expect(new Set(mutations.map(({ fault }) => fault)).size).toBe(mutations.length);
    expect(mutations.length).toBeGreaterThanOrEqual(10);
  });

  it.each(mutations)('sees: $fault', ({ check: id, says, spoil }) => {
    const spoilt = structuredClone(good);
    spoil(spoilt as Loose<F>);
    const { findings } = check(spoilt);
    expect([...new Set(findings.map((finding) => finding.check))]).toEqual([id]);
    const messages = findings.map(({ message }) => message);
    expect(messages).toContainEqual(
      says instanceof RegExp ? expect.stringMatching(says) : expect.stringContaining(says),
    );
  });

  it('has a fault for every check that runs', () => {
    const seen = new Set(mutations.map((mutation) => mutation.check));
    expect(check(good).ran.filter((id) => !seen.has(id))).toEqual([]);
  });
}
