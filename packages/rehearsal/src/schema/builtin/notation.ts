import type {
  AttributeSchema,
  BlockSchema,
  BlockTypeSchema,
  CtyType,
  ProviderSchema,
  TypeSchema,
} from '../model';

/**
 * Attributes in short: flags, then the type. `R` required, `O` optional, `C` computed, `S` sensitive;
 * e.g. `OC string`, `CS string`, `O map(string)`.
 */
export type Notation = Readonly<Record<string, string>>;

export function block(
  notation: Notation,
  blocks: Readonly<Record<string, BlockTypeSchema>> = {},
): BlockSchema {
  return {
    attributes: Object.fromEntries(Object.entries(notation).map(([name, text]) => [name, attribute(text)])),
    blocks,
  };
}

export function listBlock(notation: Notation): BlockTypeSchema {
  return { nesting: 'list', block: block(notation), minItems: 0, maxItems: 0 };
}

/** A provider of HashiCorp whose configuration is empty but for the given blocks. */
export function provider(
  type: string,
  version: string,
  content: {
    readonly config?: BlockSchema;
    readonly resources: Readonly<Record<string, BlockSchema>>;
    readonly dataSources?: Readonly<Record<string, BlockSchema>>;
    /** Schema versions other than 0. */
    readonly versions?: Readonly<Record<string, number>>;
  },
): ProviderSchema {
  const types = (blocks: Readonly<Record<string, BlockSchema>>): Record<string, TypeSchema> =>
    Object.fromEntries(
      Object.entries(blocks).map(([name, each]) => [
        name,
        { version: content.versions?.[name] ?? 0, block: each },
      ]),
    );
  return {
    source: `registry.terraform.io/hashicorp/${type}`,
    version,
    origin: 'built in',
    config: content.config ?? block({}),
    resources: types(content.resources),
    dataSources: types(content.dataSources ?? {}),
  };
}

function attribute(text: string): AttributeSchema {
  const [flags = '', type = ''] = text.split(' ');
  return {
    type: typeOf(type),
    required: flags.includes('R'),
    optional: flags.includes('O'),
    computed: flags.includes('C'),
    ...(flags.includes('S') ? { sensitive: true } : {}),
  };
}

function typeOf(text: string): CtyType {
  const [, collection, element = ''] = /^(list|map)\((.*)\)$/.exec(text) ?? [];
  if (collection === 'list' || collection === 'map') return [collection, typeOf(element)];
  return text as 'string' | 'number' | 'bool';
}
