import type { Target, Targets } from '@mlterra/core';

/** Where a stack was applied, as kept in its state: the targets that the environment of the caller led to, by what they are. */
export type RecordedTargets = Readonly<Record<string, RecordedTarget>>;

export type RecordedTarget = Pick<Target, 'identity'> & { readonly value: string };

/** Whether both mean the same place. */
export function isSameTarget(one: RecordedTarget, other: RecordedTarget): boolean {
  return (one.identity ?? one.value) === (other.identity ?? other.value);
}

/** What is kept of today's targets: what cannot be read today stays as it was recorded. */
export function recordTargets(today: Targets, before: RecordedTargets = {}): RecordedTargets {
  return Object.fromEntries(
    Object.entries(today).flatMap(([name, { value, identity }]): [string, RecordedTarget][] => {
      if (value === undefined) return before[name] === undefined ? [] : [[name, before[name]]];
      return [[name, { value, ...(identity === undefined ? {} : { identity }) }]];
    }),
  );
}

/** How two records differ, in words; empty where they mean the same places. */
export function targetDifferences(
  applied: RecordedTargets = {},
  wanted: RecordedTargets = {},
): readonly string[] {
  const names = [...new Set([...Object.keys(applied), ...Object.keys(wanted)])].sort();
  return names.flatMap((name) => {
    const [before, now] = [applied[name], wanted[name]];
    if (before === undefined) return [`the ${name} was not recorded yet: ${now!.value}`];
    if (now === undefined)
      return [`the ${name} is no longer chosen outside of the source: it was ${before.value}`];
    return isSameTarget(before, now) ? [] : [`the ${name} changed: ${before.value} -> ${now.value}`];
  });
}
