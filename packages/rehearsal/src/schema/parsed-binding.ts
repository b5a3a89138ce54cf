/**
 * What the TypeScript of one file of a binding says, before it is read as a schema.
 */

export interface ParsedFile {
  /** By class name. */
  readonly classes: ReadonlyMap<string, ParsedClass>;
  /** By interface name: which properties may be left out. */
  readonly interfaces: ReadonlyMap<string, ReadonlyMap<string, ParsedProperty>>;
  /** By function name (`…ToHclTerraform`): what a struct is written as. */
  readonly structs: ReadonlyMap<string, readonly ParsedHcl[]>;
}

export interface ParsedClass {
  readonly name: string;
  /** e.g. `cdktf.TerraformResource`. */
  readonly base: string;
  /** Value of the static property of this name. */
  readonly tfResourceType?: string;
  /** Texts of the arguments of `super(…)`. */
  readonly superArguments: readonly string[];
  /** In the generator's order. */
  readonly members: readonly ParsedMember[];
  /** Class of the items, of a collection. */
  readonly item?: string;
  /** Of a class that writes itself. */
  readonly hcl: readonly ParsedHcl[];
}

/** One attribute or block: what follows a comment `name - computed: …, optional: …, required: …`. */
export interface ParsedMember {
  /** Terraform's name. */
  readonly name: string;
  readonly computed: boolean;
  readonly optional: boolean;
  readonly required: boolean;
  /** Expression the getter returns. */
  readonly getter?: string;
  /** Declared type of the stored value. */
  readonly type?: string;
  /** Class and further arguments of `new X(this, "name", …)`. */
  readonly created?: { readonly name: string; readonly rest: readonly string[] };
}

export interface ParsedProperty {
  readonly optional: boolean;
  readonly type: string;
}

/** One entry of an object that says how a value is written. */
export interface ParsedHcl {
  /** Terraform's name. */
  readonly name: string;
  /** Name of the property that holds the value. */
  readonly property: string;
  readonly type: string;
  readonly storageClassType: string;
}
