import type { AttributeSchema, BlockSchema, BlockTypeSchema, CtyType } from '../../schema/model';

/** Which arguments a made-up configuration sets. */
export type Arguments = 'required' | 'all';

/** Whether a plan knows the values, or they come from a resource that is not there yet. */
export type Known = 'at plan' | 'at apply';

/** What values that are known at apply come from; stands in the configuration beside what refers to it. */
export const later = { terraform_data: { later: { input: 'given' } } };

const output = 'terraform_data.later.output';

/** A configuration of a block that Terraform accepts by its schema. */
export function configurationOf(
  block: BlockSchema,
  which: Arguments,
  known: Known = 'at plan',
): Record<string, unknown> {
  const config: Record<string, unknown> = attributesOf(block.attributes, which, known);
  for (const [name, nested] of Object.entries(block.blocks)) {
    const blocks = blocksOf(nested, which, known);
    if (blocks !== undefined) config[name] = blocks;
  }
  return config;
}

function attributesOf(
  attributes: Readonly<Record<string, AttributeSchema>>,
  which: Arguments,
  known: Known,
): Record<string, unknown> {
  const config: Record<string, unknown> = {};
  for (const [name, attribute] of Object.entries(attributes)) {
    if (attribute.required || (which === 'all' && attribute.optional))
      config[name] = valueOf(attribute, which, known);
  }
  return config;
}

function blocksOf(nested: BlockTypeSchema, which: Arguments, known: Known): unknown {
  const items = Math.max(nested.minItems, which === 'all' ? 1 : 0);
  if (items === 0) return undefined;
  const element = configurationOf(nested.block, which, known);
  if (nested.nesting === 'single') return element;
  if (nested.nesting === 'map') return { key: element };
  return Array.from({ length: items }, () => element);
}

function valueOf(attribute: AttributeSchema, which: Arguments, known: Known): unknown {
  if (!attribute.nested) return valueOfType(attribute.type ?? 'string', known);
  const element = attributesOf(attribute.nested.attributes, which, known);
  if (attribute.nested.nesting === 'single') return element;
  return attribute.nested.nesting === 'map' ? { key: element } : [element];
}

function valueOfType(type: CtyType, known: Known): unknown {
  const isLater = known === 'at apply';
  if (type === 'string' || type === 'dynamic') return isLater ? `\${${output}}` : 'given';
  if (type === 'number') return isLater ? `\${length(${output})}` : 7;
  if (type === 'bool') return isLater ? `\${${output} == "given"}` : true;
  switch (type[0]) {
    case 'map':
      return { key: valueOfType(type[1], known) };
    case 'object':
      return Object.fromEntries(
        Object.entries(type[1]).map(([name, inner]) => [name, valueOfType(inner, known)]),
      );
    case 'tuple':
      return type[1].map((inner) => valueOfType(inner, known));
    default:
      return [valueOfType(type[1], known)];
  }
}
