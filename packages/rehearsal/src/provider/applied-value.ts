import type { FakeContext } from '../fakes/fake-context';
import { addsBlock, emptyBlocks, fakeAttribute, fakeBlocks } from '../fakes/fake-value';
import type { ObjectValue, Value } from '../protocol/values';
import { canonical, containsUnknown, digest, isObject, unknown } from '../protocol/values';
import { isWriteOnly } from '../protocol/schema-message';
import type { AttributeSchema, BlockSchema, BlockTypeSchema } from '../schema/model';
import { eachElement, markBlock } from './planned-value';

/** Which resource a value is made up for. */
export interface FakeIdentity {
  readonly type: string;
  readonly seed: string;
  readonly defaults: Readonly<Record<string, string>>;
}

/**
 * What a resource became: the plan, with everything unknown taken from the configuration, which is known by now, or
 * made up.
 */
export function appliedValue(
  block: BlockSchema,
  planned: ObjectValue,
  config: ObjectValue,
  identity: FakeIdentity,
): ObjectValue {
  const result: ObjectValue = {};
  const underWay = new Set<string>();
  const context: FakeContext = {
    ...identity,
    get: (name) => {
      if (result[name] !== undefined) return result[name];
      // A rule that asks for what is being made up gets nothing, and goes another way.
      if (underWay.has(name)) return undefined;
      underWay.add(name);
      const attribute = block.attributes[name];
      const nested = block.blocks[name];
      if (attribute) {
        result[name] = applyAttribute(context, attribute, planned[name], config[name] ?? null, [name]);
      } else if (nested) {
        result[name] = applyBlocks(context, nested, planned[name] ?? null, config[name] ?? null, [name]);
      }
      underWay.delete(name);
      return result[name];
    },
  };
  for (const name of [...Object.keys(block.attributes), ...Object.keys(block.blocks)]) context.get(name);
  return result;
}

function applyBlock(
  context: FakeContext,
  block: BlockSchema,
  planned: ObjectValue,
  config: ObjectValue | null,
  path: readonly string[],
): ObjectValue {
  const result: ObjectValue = {};
  for (const [name, attribute] of Object.entries(block.attributes)) {
    result[name] = applyAttribute(context, attribute, planned[name], config?.[name] ?? null, [...path, name]);
  }
  for (const [name, nested] of Object.entries(block.blocks)) {
    const inner = config?.[name] ?? null;
    result[name] = applyBlocks(context, nested, planned[name] ?? null, inner, [...path, name]);
  }
  return result;
}

function applyBlocks(
  context: FakeContext,
  nested: BlockTypeSchema,
  planned: Value,
  config: Value,
  path: readonly string[],
): Value {
  const isGiven = isObject(config) || (Array.isArray(config) && config.length > 0);
  if (planned === unknown) {
    if (!isGiven) return addsBlock(nested) ? fakeBlocks(context, nested, path) : emptyBlocks(nested);
    const marked = eachElement(nested.nesting, config, (element) => markBlock(nested.block, element));
    return applyBlocks(context, nested, marked, config, path);
  }
  if (!containsUnknown(planned)) return planned;
  if (nested.nesting === 'set' && isGiven && Array.isArray(planned)) {
    const matched = matchSet(planned, config as Value[], (element) => markBlock(nested.block, element));
    return matched.map(([plannedElement, element]) => {
      const seed = digest(element);
      return applyBlock(context, nested.block, plannedElement, element, [...path, seed]);
    });
  }
  return eachElement(nested.nesting, planned, (element, key) =>
    applyBlock(context, nested.block, element, elementOf(nested.nesting, config, key), [...path, key]),
  );
}

function applyAttribute(
  context: FakeContext,
  attribute: AttributeSchema,
  planned: Value | undefined,
  config: Value,
  path: readonly string[],
): Value {
  if (isWriteOnly(path.at(-1)!, attribute)) return null;
  const value = planned ?? null;
  if (!containsUnknown(value)) return value;
  if (!attribute.nested) {
    if (config !== null) return config;
    return attribute.computed ? fakeAttribute(context, attribute, path) : null;
  }
  if (value === unknown && config === null) {
    return attribute.computed ? fakeAttribute(context, attribute, path) : null;
  }
  const { nesting, attributes } = attribute.nested;
  const block: BlockSchema = { attributes, blocks: {} };
  const current =
    value === unknown || (nesting === 'set' && config !== null)
      ? eachElement(nesting, config, (element) => markBlock(block, element))
      : value;
  return eachElement(nesting, current, (element, key) =>
    applyBlock(context, block, element, elementOf(nesting, config, key), [
      ...path,
      ...(nesting === 'set' ? [digest(canonical(elementOf(nesting, config, key)))] : [key]),
    ]),
  );
}

function elementOf(nesting: string, config: Value, key: string): ObjectValue | null {
  const element =
    nesting === 'single'
      ? config
      : Array.isArray(config)
        ? config[Number(key)]
        : isObject(config)
          ? config[key]
          : null;
  return isObject(element) ? element : null;
}

/** The elements of a configured set, each with the planned element it was, or a fresh one. */
function matchSet(
  planned: readonly Value[],
  config: readonly Value[],
  fresh: (element: ObjectValue) => ObjectValue,
): (readonly [planned: ObjectValue, config: ObjectValue])[] {
  const left = planned.filter(isObject);
  return config.filter(isObject).map((element) => {
    const index = left.findIndex((candidate) => isCompatible(candidate, element));
    return [index < 0 ? fresh(element) : left.splice(index, 1)[0]!, element] as const;
  });
}

function isCompatible(planned: Value | undefined, config: Value | undefined): boolean {
  if (planned === unknown || config === null || config === undefined) return true;
  if (Array.isArray(planned) && Array.isArray(config)) {
    return (
      planned.length === config.length && planned.every((item, index) => isCompatible(item, config[index]))
    );
  }
  if (isObject(planned) && isObject(config)) {
    return Object.keys(config).every((name) => isCompatible(planned[name], config[name]));
  }
  return canonical(planned) === canonical(config);
}
