import { Stack, type Port, type StackKey } from '@mlterra/core';
import type { Construct } from 'constructs';

/** Labels of everything that is made on an engine; by them it is found again. */
export const LABELS = {
  environment: 'mlterra.dev/environment',
  stage: 'mlterra.dev/stage',
  stack: 'mlterra.dev/stack',
  /** Which state it belongs to: two checkouts may apply an environment of one name to one engine. */
  instance: 'mlterra.dev/instance',
  /** Name of a container in its workload. */
  container: 'mlterra.dev/container',
  /** Begins labels with the numbers of ports, by their names. */
  port: 'mlterra.dev/port.',
} as const;

/** A label as blocks of the provider have it. */
export interface Label {
  readonly label: string;
  readonly value: string;
}

/** Labels of what a stack makes. */
export function stackLabels(scope: Construct, instance: string): Label[] {
  return [...Object.entries(dataLabels(Stack.ofConstruct(scope).stackKey)), [LABELS.instance, instance]].map(
    ([label, value]) => ({ label: label!, value: value! }),
  );
}

/** Labels of data, which outlives the state that made it. */
export function dataLabels({ environment, stage, stack }: StackKey): Record<string, string> {
  return { [LABELS.environment]: environment, [LABELS.stage]: stage, [LABELS.stack]: stack };
}

/** What a container is to its workload: its name there, and its ports. */
export function containerLabels(name: string, ports: Readonly<Record<string, Port>>): Label[] {
  return [
    { label: LABELS.container, value: name },
    ...Object.entries(ports).map(([port, { port: number }]) => ({
      label: `${LABELS.port}${port}`,
      value: String(number),
    })),
  ];
}
