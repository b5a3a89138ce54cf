import { Reference } from './reference';
import { TypedOutput } from './typed-output';
import type { Value } from './value';

/**
 * JSON with references in it: values of a chart, a Kubernetes object. Plain strings are literal. An output is a text, and
 * `output.number` a number.
 */
export type ValueTree =
  | Value
  | TypedOutput<unknown>
  | number
  | boolean
  | null
  | readonly ValueTree[]
  | { readonly [key: string]: ValueTree | undefined };

/** All values in a tree, with the path to each, e.g. `spec.issuer.email`. */
export function valuesIn(tree: ValueTree | undefined, path = ''): readonly { path: string; value: Value }[] {
  if (isValue(tree)) return [{ path, value: tree }];
  if (typeof tree !== 'object' || tree === null || tree instanceof TypedOutput) return [];
  return Object.entries(tree as Readonly<Record<string, ValueTree>>).flatMap(([key, child]) =>
    valuesIn(child, path === '' ? key : `${path}.${key}`),
  );
}

/** Whether a tree is a leaf with a text, and no branch. */
export function isValue(tree: ValueTree | undefined): tree is Value {
  return typeof tree === 'string' || (tree instanceof Reference && !(tree instanceof TypedOutput));
}

/** Values with others laid over them: maps are merged, all else is replaced; null says that there is none. */
export function mergeValues(values: ValueTree, over: ValueTree | undefined): ValueTree {
  if (over === undefined) return values;
  if (!isMap(values) || !isMap(over)) return over;
  const merged: Record<string, ValueTree | undefined> = { ...values };
  for (const [key, value] of Object.entries(over)) {
    const before = merged[key];
    merged[key] = before === undefined ? value : mergeValues(before, value);
  }
  return merged;
}

function isMap(tree: ValueTree): tree is Readonly<Record<string, ValueTree | undefined>> {
  return typeof tree === 'object' && tree !== null && !Array.isArray(tree) && !(tree instanceof Reference);
}
