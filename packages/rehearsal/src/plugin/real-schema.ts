import type { Plugin } from './plugin-client';
import type {
  AttributeSchema,
  BlockSchema,
  BlockTypeSchema,
  CtyType,
  Nesting,
  ProviderSchema,
  TypeSchema,
} from '../schema/model';

/** Messages of `GetProviderSchema`, as they are decoded. */
interface SchemaMessage {
  readonly version: number;
  readonly block: BlockMessage | null;
}

interface BlockMessage {
  readonly attributes: readonly AttributeMessage[];
  readonly block_types: readonly {
    readonly type_name: string;
    readonly block: BlockMessage;
    readonly nesting: number;
    readonly min_items: number;
    readonly max_items: number;
  }[];
}

interface AttributeMessage {
  readonly name: string;
  readonly type: Uint8Array;
  /** Protocol 6 only. */
  readonly nested_type?: {
    readonly attributes: readonly AttributeMessage[];
    readonly nesting: number;
  } | null;
  readonly required: boolean;
  readonly optional: boolean;
  readonly computed: boolean;
  readonly sensitive: boolean;
  readonly write_only: boolean;
}

/** Response of `GetProviderSchema`, as far as it is read here; it can be passed on as it is. */
export interface SchemaResponse {
  readonly provider: SchemaMessage | null;
  readonly resource_schemas: Readonly<Record<string, SchemaMessage>>;
  readonly data_source_schemas: Readonly<Record<string, SchemaMessage>>;
}

/** By number on the wire; a group is a single block that is never absent. */
const NESTINGS: readonly Nesting[] = ['single', 'single', 'list', 'set', 'map', 'single'];

/** Asks a running provider for its schema, as it says it. */
export function schemaResponse(plugin: Plugin): Promise<SchemaResponse> {
  return plugin.call<SchemaResponse>('GetProviderSchema', {});
}

/** The schema a provider said, in the terms of this package. */
export function schemaOf(
  response: SchemaResponse,
  provider: Pick<ProviderSchema, 'source' | 'version' | 'origin'>,
): ProviderSchema {
  return {
    source: provider.source,
    version: provider.version,
    origin: provider.origin,
    config: blockOf(response.provider?.block),
    resources: typesOf(response.resource_schemas),
    dataSources: typesOf(response.data_source_schemas),
  };
}

function typesOf(messages: Readonly<Record<string, SchemaMessage>>): Record<string, TypeSchema> {
  return Object.fromEntries(
    Object.entries(messages).map(([name, message]) => [
      name,
      { version: message.version, block: blockOf(message.block) },
    ]),
  );
}

function blockOf(message: BlockMessage | null | undefined): BlockSchema {
  return {
    attributes: attributesOf(message?.attributes ?? []),
    blocks: Object.fromEntries(
      (message?.block_types ?? []).map((each): [string, BlockTypeSchema] => [
        each.type_name,
        {
          nesting: NESTINGS[each.nesting] ?? 'single',
          block: blockOf(each.block),
          minItems: each.min_items,
          maxItems: each.max_items,
        },
      ]),
    ),
  };
}

function attributesOf(messages: readonly AttributeMessage[]): Record<string, AttributeSchema> {
  return Object.fromEntries(
    messages.map((message) => [
      message.name,
      {
        ...(!message.nested_type
          ? { type: JSON.parse(Buffer.from(message.type).toString()) as CtyType }
          : {
              nested: {
                nesting: NESTINGS[message.nested_type.nesting] ?? 'single',
                attributes: attributesOf(message.nested_type.attributes),
              },
            }),
        required: message.required,
        optional: message.optional,
        computed: message.computed,
        sensitive: message.sensitive,
        writeOnly: message.write_only,
      },
    ]),
  );
}
