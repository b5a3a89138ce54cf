import type { AttributeSchema, BlockSchema, BlockTypeSchema, CtyType } from '../schema/model';
import type { ObjectValue, Value } from '../protocol/values';
import { isObject } from '../protocol/values';
import type { FakeContext } from './fake-context';
import { fakeNumber, fakeText, ruledValue } from './rules';

/** A made-up value for an attribute. `path` leads from the resource to it; its last word is the name. */
export function fakeAttribute(
  context: FakeContext,
  attribute: AttributeSchema,
  path: readonly string[],
): Value {
  const leaf = path.at(-1)!;
  if (path.length === 1) {
    const ruled = ruledValue(context, leaf);
    if (ruled !== undefined && ruled !== null) {
      if (attribute.type === undefined || fits(attribute.type, ruled)) return ruled;
    }
  }
  if (attribute.nested) {
    const { nesting, attributes } = attribute.nested;
    if (nesting === 'map') return {};
    const element: ObjectValue = {};
    for (const [name, inner] of Object.entries(attributes)) {
      element[name] =
        inner.computed || inner.required ? fakeAttribute(context, inner, [...path, name]) : null;
    }
    return nesting === 'single' ? element : [element];
  }
  return fakeOfType(context, attribute.type ?? 'string', path);
}

function fakeOfType(context: FakeContext, type: CtyType, path: readonly string[]): Value {
  const leaf = path.at(-1)!;
  const seed = `${context.seed} ${path.join('.')}`;
  switch (type) {
    case 'string':
      return fakeText(path, seed);
    case 'number':
      return fakeNumber(leaf, seed);
    case 'bool':
      return false;
    case 'dynamic':
      return [Buffer.from('"string"'), fakeText(path, seed)];
  }
  switch (type[0]) {
    case 'map':
      return {};
    case 'object': {
      const element: ObjectValue = {};
      for (const [name, inner] of Object.entries(type[1])) {
        element[name] = fakeOfType(context, inner, [...path, name]);
      }
      return element;
    }
    case 'tuple':
      return type[1].map((inner, index) => fakeOfType(context, inner, [...path, String(index)]));
    default:
      // What is in effect is what is configured: nothing but that is known of it.
      if (leaf.startsWith('effective_')) return [];
      // The name of a list is that of its elements: `addresses` holds an address.
      return [fakeOfType(context, type[1], typeof type[1] === 'string' ? [...path, singular(leaf)] : path)];
  }
}

/** A made-up element of a block, which says no more than a provider would add. */
export function fakeBlock(context: FakeContext, block: BlockSchema, path: readonly string[]): ObjectValue {
  const element: ObjectValue = {};
  for (const [name, attribute] of Object.entries(block.attributes)) {
    const isGiven = attribute.computed || attribute.required;
    element[name] = isGiven ? fakeAttribute(context, attribute, [...path, name]) : null;
  }
  for (const [name, nested] of Object.entries(block.blocks)) {
    element[name] = fakeBlocks(context, nested, [...path, name]);
  }
  return element;
}

/** What a provider adds where a configuration has no such block: one element if it computes something in it. */
export function fakeBlocks(context: FakeContext, nested: BlockTypeSchema, path: readonly string[]): Value {
  if (!addsBlock(nested)) return emptyBlocks(nested);
  const element = fakeBlock(context, nested.block, path);
  return nested.nesting === 'single' ? element : [element];
}

export function emptyBlocks(nested: BlockTypeSchema): Value {
  if (nested.nesting === 'single') return null;
  return nested.nesting === 'map' ? {} : [];
}

/**
 * Whether a provider may add this block by itself. No schema says so; those that it adds have something inside
 * that only the provider can know.
 */
export function addsBlock(nested: BlockTypeSchema): boolean {
  if (nested.minItems > 0 || nested.nesting === 'map') return false;
  return Object.values(nested.block.attributes).some(
    (attribute) => attribute.computed && !attribute.optional && !attribute.required,
  );
}

function fits(type: CtyType, value: Value): boolean {
  if (type === 'string') return typeof value === 'string';
  if (type === 'number') return typeof value === 'number' || typeof value === 'bigint';
  if (type === 'bool') return typeof value === 'boolean';
  if (type === 'dynamic') return false;
  return type[0] === 'map' || type[0] === 'object' ? isObject(value) : Array.isArray(value);
}

function singular(name: string): string {
  return name
    .replace(/(s)es$/, '$1')
    .replace(/ies$/, 'y')
    .replace(/([^s])s$/, '$1');
}
