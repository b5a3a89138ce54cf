import type {
  AttributeSchema,
  BlockSchema,
  BlockTypeSchema,
  CtyType,
  ProviderSchema,
  TypeSchema,
} from '../schema/model';

/**
 * The schema as Terraform takes it. Where a binding stops at `any` inside blocks, as that of `aws_wafv2_web_acl` does,
 * the blocks become one attribute of any type: Terraform takes no such value in a set, and makes a tuple of a list.
 */
export function servableSchema(schema: ProviderSchema): ProviderSchema {
  return {
    ...schema,
    resources: servableTypes(schema.resources),
    dataSources: servableTypes(schema.dataSources),
  };
}

function servableTypes(types: Readonly<Record<string, TypeSchema>>): Record<string, TypeSchema> {
  return Object.fromEntries(
    Object.entries(types).map(([name, type]) => [name, { ...type, block: servableBlock(type.block) }]),
  );
}

function servableBlock(block: BlockSchema): BlockSchema {
  if (!blockHasDynamic(block)) return block;
  const attributes: Record<string, AttributeSchema> = { ...block.attributes };
  const blocks: Record<string, BlockTypeSchema> = {};
  for (const [name, nested] of Object.entries(block.blocks)) {
    if (nested.nesting === 'single' || !blockHasDynamic(nested.block)) {
      blocks[name] = { ...nested, block: servableBlock(nested.block) };
    } else {
      const required = nested.minItems > 0;
      attributes[name] = { type: 'dynamic', required, optional: !required, computed: false };
    }
  }
  return { attributes, blocks };
}

function blockHasDynamic(block: BlockSchema): boolean {
  return (
    Object.values(block.attributes).some(attributeHasDynamic) ||
    Object.values(block.blocks).some((nested) => blockHasDynamic(nested.block))
  );
}

function attributeHasDynamic({ type, nested }: AttributeSchema): boolean {
  if (nested) return Object.values(nested.attributes).some(attributeHasDynamic);
  return type !== undefined && typeHasDynamic(type);
}

function typeHasDynamic(type: CtyType): boolean {
  if (typeof type === 'string') return type === 'dynamic';
  if (type[0] === 'object') return Object.values(type[1]).some(typeHasDynamic);
  return type[0] === 'tuple' ? type[1].some(typeHasDynamic) : typeHasDynamic(type[1]);
}
