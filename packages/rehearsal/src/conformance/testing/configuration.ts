import type { AttributeSchema, BlockSchema, BlockTypeSchema, CtyType } from '../../schema/model';

/** Which arguments a made-up configuration sets. */
export type Arguments = 'required' | 'all';

/** A configuration of a block that Terraform accepts by its schema. */
export function configurationOf(block: BlockSchema, which: Arguments): Record<string, unknown> {
  const config: Record<string, unknown> = attributesOf(block.attributes, which);
  for (const [name, nested] of Object.entries(block.blocks)) {
    const blocks = blocksOf(nested, which);
    if (blocks !== undefined) config[name] = blocks;
  }
  return config;
}

function attributesOf(
  attributes: Readonly<Record<string, AttributeSchema>>,
  which: Arguments,
): Record<string, unknown> {
  const config: Record<string, unknown> = {};
  for (const [name, attribute] of Object.entries(attributes)) {
    if (attribute.required || (which === 'all' && attribute.optional))
      config[name] = valueOf(attribute, which);
  }
  return config;
}

function blocksOf(nested: BlockTypeSchema, which: Arguments): unknown {
  const items = Math.max(nested.minItems, which === 'all' ? 1 : 0);
  if (items === 0) return undefined;
  const element = configurationOf(nested.block, which);
  if (nested.nesting === 'single') return element;
  if (nested.nesting === 'map') return { key: element };
  return Array.from({ length: items }, () => element);
}

function valueOf(attribute: AttributeSchema, which: Arguments): unknown {
  if (!attribute.nested) return valueOfType(attribute.type ?? 'string');
  const element = attributesOf(attribute.nested.attributes, which);
  if (attribute.nested.nesting === 'single') return element;
  return attribute.nested.nesting === 'map' ? { key: element } : [element];
}

function valueOfType(type: CtyType): unknown {
  if (type === 'string' || type === 'dynamic') return 'given';
  if (type === 'number') return 7;
  if (type === 'bool') return true;
  switch (type[0]) {
    case 'map':
      return { key: valueOfType(type[1]) };
    case 'object':
      return Object.fromEntries(Object.entries(type[1]).map(([name, inner]) => [name, valueOfType(inner)]));
    case 'tuple':
      return type[1].map(valueOfType);
    default:
      return [valueOfType(type[1])];
  }
}
