import { Aspects, type IAspect } from 'cdktf';
import type { IConstruct } from 'constructs';
import { renderLiterals } from './literal';
import { Stack } from './stack';

/**
 * Where labels go: Google and Hetzner say labels, a cluster of Google resource labels, AWS and Azure tags. The first
 * one that a resource has counts: what Google calls tags beside labels is for rules of its firewall and policies.
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

/** The labels of every resource in a stack; also for what keeps them in a block of its own, which no aspect reaches. */
export function stackLabels(construct: IConstruct): Record<string, string> {
  const { environment, stage, stack } = Stack.ofConstruct(construct).stackKey;
  return { 'managed-by': 'mlterra', environment, stage, stack };
}

/** Labels every resource that takes labels with its environment, stage and stack; labels given by hand win. */
class Labels implements IAspect {
  public constructor(private readonly labels: Readonly<Record<string, string>>) {}

  public visit(node: IConstruct): void {
    if (Stack.isMlterraStack(node) || !('terraformResourceType' in node)) return;
    const resource = node as Labelled;
    const attribute = ATTRIBUTES.find((each) => `${each}Input` in resource);
    if (attribute === undefined || !isMap(resource[attribute])) return;
    const given = resource[`${attribute}Input`];
    resource[attribute] = { ...stackLabels(node), ...this.labels, ...given };
  }
}

/** Adds labels, which are literal, to everything in a stack. CDKTF looks for aspects in stacks only: on the app they would do nothing. */
export function applyLabels(stack: Stack, labels: Readonly<Record<string, string>>): void {
  Aspects.of(stack).add(new Labels(renderLiterals(labels) as Record<string, string>));
}

/** Bindings read a map as a plain object, a list as an array, and blocks as an object of a class. */
function isMap(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype !== null && Object.getPrototypeOf(prototype) === null;
}
