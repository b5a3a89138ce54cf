import { holdsSecret, valuesIn, type Value, type ValueTree } from '@mlterra/core';
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
  return Object.fromEntries(
    Object.entries(tree as Readonly<Record<string, ValueTree | undefined>>).flatMap(([key, child]) =>
      child === undefined ? [] : [[key, recorded(scope, child)]],
    ),
  );
}

/** A text, or a reference in one; valuesIn names it by the empty path. */
function isValue(tree: ValueTree): tree is Value {
  return valuesIn(tree)[0]?.path === '';
}
