import { Stack } from '@mlterra/core';
import type { Construct } from 'constructs';

/** Labels of everything that is made on an engine; by them it is found again. */
export const LABELS = {
  environment: 'mlterra.dev/environment',
  stage: 'mlterra.dev/stage',
  stack: 'mlterra.dev/stack',
  /** Which state it belongs to: two checkouts may apply an environment of one name to one engine. */
  instance: 'mlterra.dev/instance',
} as const;

/** A label as blocks of the provider have it. */
export interface Label {
  readonly label: string;
  readonly value: string;
}

/** Labels of what a stack makes. */
export function stackLabels(scope: Construct, instance: string): Label[] {
  return [...volumeLabels(scope), { label: LABELS.instance, value: instance }];
}

/** Labels of data, which outlives the state that made it. */
export function volumeLabels(scope: Construct): Label[] {
  const { environment, stage, stack } = Stack.ofConstruct(scope).stackKey;
  return [
    { label: LABELS.environment, value: environment },
    { label: LABELS.stage, value: stage },
    { label: LABELS.stack, value: stack },
  ];
}
