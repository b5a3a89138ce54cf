import { MlterraError } from '@mlterra/core';
import { formatFault } from '../parse-fault';
import type { Fault } from '../faults';

/** A fault that cannot happen in what is rehearsed, known before the run. */
export function faultImpossible(fault: Fault, why: string, expected: string): MlterraError {
  return new MlterraError({
    code: 'rehearsal-fault-impossible',
    message: `The fault ${formatFault(fault)} cannot happen: ${why}.`,
    expected,
  });
}

/** `did you mean …`, or what there is. */
export function didYouMean(given: string, known: readonly string[]): string {
  const near = known
    .map((name) => ({ name, far: distance(given, name) }))
    .filter(({ name, far }) => far <= Math.max(2, Math.floor(name.length / 3)))
    .sort((one, other) => one.far - other.far)
    .filter(({ far }, _, [best]) => best !== undefined && far <= best.far + 1)
    .slice(0, 3);
  if (near.length > 0) return `did you mean ${near.map(({ name }) => name).join(', ')}?`;
  return known.length === 0 ? 'there is none' : `one of: ${known.join(', ')}`;
}

/** How many letters differ (Levenshtein). */
function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let i = 1; i <= one.length; i++) {
    const next = [i];
    for (let j = 1; j <= other.length; j++) {
      const same = one[i - 1] === other[j - 1] ? 0 : 1;
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + same));
    }
    row = next;
  }
  return row[other.length]!;
}
