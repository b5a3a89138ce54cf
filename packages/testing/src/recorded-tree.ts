import { holdsSecret, isValue, TypedOutput, valuesIn, type ValueTree } from '@mlterra/core';
import type { Construct } from 'constructs';
import { secretRecordedInPlainText } from './errors';
import { render } from './recording';

/**
 * A tree with every reference readable.
 * @param what it is, for messages, e.g. `the values of the chart "redis"`
 */
export function recordedTree(
  scope: Construct,
  what: string,
  tree: Readonly<Record<string, ValueTree>> | ValueTree,
): Record<string, unknown> {
  for (const { path, value } of valuesIn(tree)) {
    if (holdsSecret(value)) throw secretRecordedInPlainText(scope.node.path, what, path);
  }
  return recorded(scope, tree) as Record<string, unknown>;
}

function recorded(scope: Construct, tree: ValueTree): unknown {
  if (tree === null || typeof tree === 'number' || typeof tree === 'boolean') return tree;
  if (Array.isArray(tree)) return (tree as readonly ValueTree[]).map((each) => recorded(scope, each));
  if (isValue(tree)) return render(scope, tree);
  if (tree instanceof TypedOutput) return tree.at(scope);
  return Object.fromEntries(
    Object.entries(tree as Readonly<Record<string, ValueTree | undefined>>).flatMap(([key, child]) =>
      child === undefined ? [] : [[key, recorded(scope, child)]],
    ),
  );
}
