import { Aspects, type IAspect } from 'cdktf';
import type { IConstruct } from 'constructs';
import { Stack } from './stack';

/**
 * Which resources take labels, and under which attribute: Google and Hetzner say labels, AWS and Azure tags; a
 * cluster of Google says resource labels.
 */
const ATTRIBUTES = ['labels', 'resourceLabels', 'tags'] as const;

interface Labelled extends IConstruct {
  labels?: Record<string, string>;
  resourceLabels?: Record<string, string>;
  tags?: Record<string, string>;
  labelsInput?: Record<string, string>;
  resourceLabelsInput?: Record<string, string>;
  tagsInput?: Record<string, string>;
}

/** Labels every resource that takes labels with its environment, stage and stack; labels given by hand win. */
class Labels implements IAspect {
  public constructor(private readonly labels: Readonly<Record<string, string>>) {}

  public visit(node: IConstruct): void {
    if (Stack.isMlterraStack(node) || !('terraformResourceType' in node)) return;
    const resource = node as Labelled;
    const { environment, stage, stack } = Stack.ofConstruct(node).stackKey;
    for (const attribute of ATTRIBUTES) {
      if (!(`${attribute}Input` in resource)) continue;
      const given = resource[`${attribute}Input`];
      if (given !== undefined && (typeof given !== 'object' || Array.isArray(given))) continue;
      resource[attribute] = {
        'managed-by': 'mlterra',
        environment,
        stage,
        stack,
        ...this.labels,
        ...given,
      };
    }
  }
}

/** Adds labels to everything in a stack. CDKTF looks for aspects in stacks only: on the app they would do nothing. */
export function applyLabels(stack: Stack, labels: Readonly<Record<string, string>>): void {
  Aspects.of(stack).add(new Labels(labels));
}
