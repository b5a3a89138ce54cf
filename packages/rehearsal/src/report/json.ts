import { notChecked } from '../level/level';
import type { RehearsalResult } from '../run/result';
import { passed } from './verdict';

/** The result for programs: without values of resources and outputs, which may be secret. */
export function printable(result: RehearsalResult): object {
  const { environment, levels, withoutBinary = [], stacks, error, seconds, keptFolder } = result;
  return {
    environment,
    passed: passed(result),
    seconds,
    levels: Object.fromEntries(
      Object.entries(levels).map(([source, level]) => [source, { level, notChecked: notChecked[level] }]),
    ),
    withoutBinary,
    stacks: stacks.map(({ key, steps, resources }) => ({
      key,
      steps,
      resources: resources.map(({ address, type, provider }) => ({ address, type, provider })),
    })),
    ...(error === undefined ? {} : { error }),
    ...(keptFolder === undefined ? {} : { keptFolder }),
  };
}
