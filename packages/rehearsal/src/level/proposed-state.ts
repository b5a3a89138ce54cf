import { equal, isObject, type ObjectValue, type Value } from '../protocol/values';
import type { AttributeSchema, BlockSchema, Nesting } from '../schema/model';

/**
 * What Terraform proposes to a provider for a resource that is there: the configuration, with what was computed kept
 * where nothing is configured.
 */
export function proposedState(block: BlockSchema, prior: ObjectValue, config: ObjectValue): ObjectValue {
  const proposed: ObjectValue = {};
  for (const [name, attribute] of Object.entries(block.attributes)) {
    proposed[name] = proposedAttribute(attribute, prior[name] ?? null, config[name] ?? null);
  }
  for (const [name, nested] of Object.entries(block.blocks)) {
    proposed[name] = proposedNested(
      nested.nesting,
      prior[name] ?? null,
      config[name] ?? null,
      (before, now) => proposedState(nested.block, before, now),
      (before, now) => configures(nested.block, before, now),
    );
  }
  return proposed;
}

function proposedAttribute(attribute: AttributeSchema, prior: Value, config: Value): Value {
  if (attribute.writeOnly === true) return null;
  if (config === null) return attribute.computed ? prior : null;
  if (attribute.nested === undefined) return config;
  const block: BlockSchema = { attributes: attribute.nested.attributes, blocks: {} };
  return proposedNested(
    attribute.nested.nesting,
    prior,
    config,
    (before, now) => proposedState(block, before, now),
    (before, now) => configures(block, before, now),
  );
}

/** Elements of lists and maps are followed by their keys, those of sets by what was configured. */
function proposedNested(
  nesting: Nesting,
  prior: Value,
  config: Value,
  merge: (prior: ObjectValue, config: ObjectValue) => ObjectValue,
  matches: (prior: ObjectValue, config: ObjectValue) => boolean,
): Value {
  const merged = (before: Value | undefined, now: Value): Value =>
    isObject(now) ? merge(isObject(before) ? before : {}, now) : now;
  if (Array.isArray(config)) {
    const before = Array.isArray(prior) ? [...prior] : [];
    if (nesting !== 'set') return config.map((now, index) => merged(before[index], now));
    return config.map((now) => {
      const index = before.findIndex((each) => isObject(each) && isObject(now) && matches(each, now));
      return merged(index < 0 ? undefined : before.splice(index, 1)[0], now);
    });
  }
  if (nesting === 'map' && isObject(config)) {
    return Object.fromEntries(
      Object.entries(config).map(([key, now]) => [
        key,
        merged(isObject(prior) ? prior[key] : undefined, now),
      ]),
    );
  }
  return merged(prior, config);
}

/** Whether an element that is there may be what is configured: all that is set is equal. */
function configures(block: BlockSchema, prior: ObjectValue, config: ObjectValue): boolean {
  return equal(proposedState(block, prior, config), prior);
}
