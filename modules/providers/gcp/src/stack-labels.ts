import { Stack } from '@mlterra/core';
import type { IConstruct } from 'constructs';

/** Labels for what keeps them in a block of its own, out of the reach of core's labels. */
export function stackLabels(construct: IConstruct): Record<string, string> {
  const { environment, stage, stack } = Stack.ofConstruct(construct).stackKey;
  return { 'managed-by': 'mlterra', environment, stage, stack };
}
