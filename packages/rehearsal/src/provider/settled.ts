import type { ObjectValue, Value } from '../protocol/values';
import { canonical, containsUnknown, digest, equal, isObject } from '../protocol/values';
import type { AttributeSchema, BlockSchema, CtyType } from '../schema/model';

/**
 * What a resource was configured with and became, by the name of each attribute and block where the two differ, as
 * digests. While both are the same, the parts a provider adds are kept, even in sets, whose elements
 * Terraform cannot follow.
 */
export type Settled = Readonly<Record<string, string>>;

export function settledOf(block: BlockSchema, config: ObjectValue, state: ObjectValue): Settled {
  const settled: Record<string, string> = {};
  for (const name of Object.keys(state)) {
    if (!equal(config[name], state[name])) settled[name] = pair(block, name, config[name], state[name]);
  }
  return settled;
}

export function isSettled(
  block: BlockSchema,
  name: string,
  config: Value | undefined,
  prior: Value | undefined,
  settled: Settled,
): boolean {
  if (settled[name] === undefined || containsUnknown(config)) return false;
  return settled[name] === pair(block, name, config, prior);
}

function pair(block: BlockSchema, name: string, config: Value | undefined, state: Value | undefined): string {
  return `${digest(inOrder(block, name, config))} ${digest(inOrder(block, name, state))}`;
}

function inOrder(block: BlockSchema, name: string, value: Value | undefined): Value {
  const attribute = block.attributes[name];
  if (attribute) return orderAttribute(attribute, value ?? null);
  const nested = block.blocks[name];
  if (!nested) return value ?? null;
  return orderNested(nested.nesting, value ?? null, (element) => {
    return Object.fromEntries(
      Object.entries(element).map(([inner, item]) => [inner, inOrder(nested.block, inner, item)]),
    );
  });
}

function orderAttribute(attribute: AttributeSchema, value: Value): Value {
  const { nested, type } = attribute;
  if (!nested) return orderType(type ?? 'string', value);
  return orderNested(nested.nesting, value, (element) =>
    Object.fromEntries(
      Object.entries(element).map(([name, item]) => {
        const inner = nested.attributes[name];
        return [name, inner ? orderAttribute(inner, item) : item];
      }),
    ),
  );
}

function orderNested(nesting: string, value: Value, order: (element: ObjectValue) => Value): Value {
  const ordered = (element: Value): Value => (isObject(element) ? order(element) : element);
  if (Array.isArray(value)) {
    const elements = value.map(ordered);
    return nesting === 'set' ? sorted(elements) : elements;
  }
  if (nesting === 'map' && isObject(value)) {
    return Object.fromEntries(Object.entries(value).map(([key, element]) => [key, ordered(element)]));
  }
  return ordered(value);
}

function orderType(type: CtyType, value: Value): Value {
  if (typeof type === 'string') return value;
  if (Array.isArray(value)) {
    const elements = value.map((element, index) => {
      const inner = type[0] === 'tuple' ? type[1][index] : type[0] === 'object' ? undefined : type[1];
      return inner === undefined ? element : orderType(inner, element);
    });
    return type[0] === 'set' ? sorted(elements) : elements;
  }
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, element]) => {
      const inner = type[0] === 'object' ? type[1][key] : type[0] === 'map' ? type[1] : undefined;
      return [key, inner === undefined ? element : orderType(inner, element)];
    }),
  );
}

function sorted(elements: readonly Value[]): Value[] {
  const keyed = elements.map((element) => [canonical(element), element] as const);
  return keyed
    .sort(([one], [other]) => (one < other ? -1 : one > other ? 1 : 0))
    .map(([, element]) => element);
}
