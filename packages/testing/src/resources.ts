import type { StackJson } from './synth';

/** The resources of one type, by logical id; empty where there are none. */
export function resourcesOf(
  stack: StackJson,
  type: string,
): Readonly<Record<string, Readonly<Record<string, unknown>>>> {
  return stack.resource?.[type] ?? {};
}
