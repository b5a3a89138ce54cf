import { echoes } from '../fakes/rules';
import { addsBlock } from '../fakes/fake-value';
import type { ObjectValue, Value } from '../protocol/values';
import { equal, isObject, unknown } from '../protocol/values';
import { isWriteOnly } from '../protocol/schema-message';
import type { AttributeSchema, BlockSchema, BlockTypeSchema } from '../schema/model';
import { isSettled, type Settled } from './settled';

/**
 * What a resource will be. `proposed` is Terraform's merge of configuration and prior state; what a provider would
 * compute and nobody knows yet is marked as unknown. A resource whose configuration did not change keeps its state.
 */
export function plannedValue(
  block: BlockSchema,
  prior: ObjectValue | null,
  proposed: ObjectValue,
  config: ObjectValue,
  settled: Settled,
): ObjectValue {
  const planned = markBlock(block, proposed, true);
  if (prior === null) return planned;
  for (const name of Object.keys(planned)) {
    const isKept =
      isSettled(block, name, config[name], prior[name], settled) || equal(planned[name], prior[name]);
    if (isKept) planned[name] = prior[name] ?? null;
  }
  for (const [echo, source] of Object.entries(echoes)) {
    if (!block.attributes[echo]?.computed || config[echo] !== null) continue;
    if (!equal(planned[source], prior[source])) planned[echo] = unknown;
  }
  return planned;
}

/** Marks what is computed and not given. `mayAdd`: blocks that are absent may be added by the provider. */
export function markBlock(block: BlockSchema, value: ObjectValue, mayAdd = false): ObjectValue {
  const marked: ObjectValue = {};
  for (const [name, attribute] of Object.entries(block.attributes)) {
    marked[name] = markAttribute(name, attribute, value[name] ?? null);
  }
  for (const [name, nested] of Object.entries(block.blocks)) {
    marked[name] = markBlocks(nested, value[name] ?? null, mayAdd);
  }
  return marked;
}

function markBlocks(nested: BlockTypeSchema, value: Value, mayAdd: boolean): Value {
  if (value === unknown) return unknown;
  const isAbsent = value === null || (Array.isArray(value) && value.length === 0);
  if (isAbsent) return mayAdd && addsBlock(nested) ? unknown : value;
  return eachElement(nested.nesting, value, (element) => markBlock(nested.block, element));
}

function markAttribute(name: string, attribute: AttributeSchema, value: Value): Value {
  if (isWriteOnly(name, attribute)) return null;
  if (value === null) return attribute.computed ? unknown : null;
  if (!attribute.nested || value === unknown) return value;
  const { nesting, attributes } = attribute.nested;
  return eachElement(nesting, value, (element) => {
    const marked: ObjectValue = {};
    for (const [inner, schema] of Object.entries(attributes)) {
      marked[inner] = markAttribute(inner, schema, element[inner] ?? null);
    }
    return marked;
  });
}

/** Applies a function to the object or to each of the objects a nested value is made of. */
export function eachElement(
  nesting: string,
  value: Value,
  change: (element: ObjectValue, key: string) => Value,
): Value {
  const changed = (element: Value, key: string): Value =>
    isObject(element) ? change(element, key) : element;
  if (nesting === 'single') return changed(value, '0');
  if (Array.isArray(value)) return value.map((element, index) => changed(element, String(index)));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, element]) => [key, changed(element, key)]));
}
