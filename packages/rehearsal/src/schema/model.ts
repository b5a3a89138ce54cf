/**
 * Schemas of providers, in the words of Terraform's plugin protocol.
 */

/** A type in Terraform's JSON notation, e.g. `"string"`, `["list","string"]`, `["object",{"name":"string"}]`. */
export type CtyType =
  | 'string'
  | 'number'
  | 'bool'
  | 'dynamic'
  | readonly ['list' | 'set' | 'map', CtyType]
  | readonly ['object', Readonly<Record<string, CtyType>>]
  | readonly ['tuple', readonly CtyType[]];

/** How often a block or a nested attribute may stand there, and what its value is. */
export type Nesting = 'single' | 'list' | 'set' | 'map';

export interface AttributeSchema {
  /** Type of the value; of an attribute without `nested`. */
  readonly type?: CtyType;
  /** Attributes of the object or objects the value is made of (protocol 6); instead of `type`. */
  readonly nested?: {
    readonly nesting: Nesting;
    readonly attributes: Readonly<Record<string, AttributeSchema>>;
  };
  readonly required: boolean;
  readonly optional: boolean;
  readonly computed: boolean;
  readonly sensitive?: boolean;
  /** Never stored; only its presence is seen. */
  readonly writeOnly?: boolean;
}

export interface BlockTypeSchema {
  readonly nesting: Nesting;
  readonly block: BlockSchema;
  /** 0: may be absent. */
  readonly minItems: number;
  /** 0: no limit. */
  readonly maxItems: number;
}

export interface BlockSchema {
  readonly attributes: Readonly<Record<string, AttributeSchema>>;
  readonly blocks: Readonly<Record<string, BlockTypeSchema>>;
}

export interface TypeSchema {
  /** Schema version of the stored state. */
  readonly version: number;
  readonly block: BlockSchema;
}

/** What one provider offers, trimmed to what is used. */
export interface ProviderSchema {
  /** Full source address, e.g. `registry.terraform.io/hashicorp/google`. */
  readonly source: string;
  /** Version of the provider the schema describes, as exact as it is known. */
  readonly version: string;
  /** Where the schema came from, e.g. `@cdktf/provider-google 16.12.1` or `built in`. */
  readonly origin: string;
  readonly config: BlockSchema;
  readonly resources: Readonly<Record<string, TypeSchema>>;
  readonly dataSources: Readonly<Record<string, TypeSchema>>;
}

/** The types of one provider that some stacks use. */
export interface UsedTypes {
  /** Full source address. */
  readonly source: string;
  readonly resources: readonly string[];
  readonly dataSources: readonly string[];
}
