import type { AttributeSchema, BlockSchema, Nesting, ProviderSchema, TypeSchema } from '../schema/model';

const nestingModes: Readonly<Record<Nesting, number>> = { single: 1, list: 2, set: 3, map: 4 };

/** The response to `GetProviderSchema`. */
export function schemaMessage(schema: ProviderSchema): object {
  const messages = (types: Readonly<Record<string, TypeSchema>>): object =>
    Object.fromEntries(
      Object.entries(types).map(([name, type]) => [
        name,
        { version: type.version, block: blockMessage(type.block) },
      ]),
    );
  return {
    provider: { version: 0, block: blockMessage(schema.config) },
    resource_schemas: messages(schema.resources),
    data_source_schemas: messages(schema.dataSources),
    server_capabilities: { get_provider_schema_optional: true },
  };
}

function blockMessage(block: BlockSchema): object {
  return {
    attributes: attributeMessages(block.attributes),
    block_types: Object.entries(block.blocks).map(([name, nested]) => ({
      type_name: name,
      block: blockMessage(nested.block),
      nesting: nestingModes[nested.nesting],
      min_items: nested.minItems,
      max_items: nested.maxItems,
    })),
  };
}

function attributeMessages(attributes: Readonly<Record<string, AttributeSchema>>): object[] {
  return Object.entries(attributes).map(([name, attribute]) => ({
    name,
    ...(attribute.nested
      ? {
          nested_type: {
            attributes: attributeMessages(attribute.nested.attributes),
            nesting: nestingModes[attribute.nested.nesting],
          },
        }
      : { type: Buffer.from(JSON.stringify(attribute.type)) }),
    required: attribute.required,
    optional: attribute.optional,
    computed: attribute.computed,
    sensitive: attribute.sensitive ?? false,
    write_only: isWriteOnly(name, attribute),
  }));
}

/** Bindings do not say what is write-only, but every provider ends such names in `_wo`. */
export function isWriteOnly(name: string, attribute: AttributeSchema): boolean {
  return attribute.writeOnly ?? (name.endsWith('_wo') && !attribute.computed);
}
