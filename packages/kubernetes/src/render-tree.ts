import { holdsSecret, isValue, renderLiteral, TypedOutput, valuesIn, type ValueTree } from '@mlterra/core';
import type { Construct } from 'constructs';
import { secretInPlainText } from './errors';
import { renderText } from './render-text';

/**
 * A tree as JSON whose strings and keys are Terraform templates. Keys are literal.
 * @param what it is, for messages, e.g. `the values of the chart "redis"`
 */
export function renderTree(scope: Construct, what: string, tree: ValueTree): unknown {
  for (const { path, value } of valuesIn(tree)) {
    if (holdsSecret(value)) throw secretInPlainText(scope.node.path, what, path);
  }
  return render(scope, tree);
}

function render(scope: Construct, tree: ValueTree): unknown {
  if (tree === null || typeof tree === 'number' || typeof tree === 'boolean') return tree;
  if (Array.isArray(tree)) return (tree as readonly ValueTree[]).map((each) => render(scope, each));
  if (isValue(tree)) return renderText(scope, tree);
  if (tree instanceof TypedOutput) return tree.at(scope);
  return Object.fromEntries(
    Object.entries(tree as Readonly<Record<string, ValueTree | undefined>>).flatMap(([key, child]) =>
      child === undefined ? [] : [[renderLiteral(key), render(scope, child)]],
    ),
  );
}
