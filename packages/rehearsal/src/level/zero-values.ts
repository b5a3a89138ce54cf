import { isObject, type ObjectValue, type Value } from '../protocol/values';
import type { BlockSchema } from '../schema/model';

/**
 * A state as providers of the older SDK write it: in the elements of a set, a number or a truth value that nobody gave
 * is 0 or false.
 */
export function withZeros(block: BlockSchema, state: ObjectValue, inSet = false): ObjectValue {
  const result: ObjectValue = { ...state };
  for (const [name, { type }] of Object.entries(block.attributes)) {
    if (!inSet || state[name] !== null) continue;
    if (type === 'bool') result[name] = false;
    if (type === 'number') result[name] = 0;
  }
  for (const [name, { nesting, block: inner }] of Object.entries(block.blocks)) {
    const filled = (element: Value): Value =>
      isObject(element) ? withZeros(inner, element, inSet || nesting === 'set') : element;
    const value = state[name] ?? null;
    result[name] = Array.isArray(value) ? value.map(filled) : value;
  }
  return result;
}
