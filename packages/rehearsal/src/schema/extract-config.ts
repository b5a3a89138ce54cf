import type { AttributeSchema, BlockSchema, BlockTypeSchema, Nesting } from './model';
import type { ParsedClass, ParsedFile, ParsedHcl, ParsedProperty } from './parsed-binding';
import { declaredType } from './value-type';

/** One entry of the configuration, with what its interface says. */
interface Entry {
  readonly hcl: ParsedHcl;
  readonly property: ParsedProperty;
}

/** The schema of a provider's own configuration, which is not read back and so has no accessors that tell. */
export function extractConfig(file: ParsedFile, provider: ParsedClass): BlockSchema {
  const entries = entriesOf(file, `${provider.name}Config`, provider.hcl);
  // `alias` belongs to Terraform; the generator puts it between attributes and blocks.
  const alias = entries.findIndex((entry) => entry.hcl.name === 'alias');
  return blockOf(
    file,
    entries.filter((_, index) => index !== alias),
    alias < 0 ? undefined : alias,
  );
}

function blockOf(file: ParsedFile, entries: readonly Entry[], border = lastDescent(entries)): BlockSchema {
  const attributes: Record<string, AttributeSchema> = {};
  const blocks: Record<string, BlockTypeSchema> = {};
  entries.forEach((entry, index) => {
    const struct = structOf(file, entry);
    if (struct === undefined || index < border) attributes[entry.hcl.name] = attributeOf(file, entry);
    else {
      blocks[entry.hcl.name] = {
        nesting: struct.nesting,
        block: blockOf(file, struct.entries),
        minItems: entry.property.optional ? 0 : 1,
        maxItems: 0,
      };
    }
  });
  return { attributes, blocks };
}

function attributeOf(file: ParsedFile, entry: Entry): AttributeSchema {
  const { optional } = entry.property;
  const flags = { required: !optional, optional, computed: false };
  const struct = structOf(file, entry);
  if (struct === undefined)
    return { type: declaredType(entry.property.type, entry.hcl.type === 'set'), ...flags };
  const attributes = Object.fromEntries(
    struct.entries.map((inner) => [inner.hcl.name, attributeOf(file, inner)]),
  );
  return { nested: { nesting: struct.nesting, attributes }, ...flags };
}

function structOf(
  file: ParsedFile,
  { hcl, property }: Entry,
): { readonly nesting: Nesting; readonly entries: readonly Entry[] } | undefined {
  const name = /^[A-Z]\w*/.exec(property.type)?.[0];
  if (name === undefined) return undefined;
  const struct = file.structs.get(`${name.charAt(0).toLowerCase()}${name.slice(1)}ToHclTerraform`);
  if (struct === undefined) return undefined;
  const nesting = hcl.type === 'set' || hcl.type === 'list' || hcl.type === 'map' ? hcl.type : 'single';
  return { nesting, entries: entriesOf(file, name, struct) };
}

function entriesOf(file: ParsedFile, name: string, hcl: readonly ParsedHcl[]): readonly Entry[] {
  const properties = file.interfaces.get(name);
  return hcl.flatMap((entry) => {
    const property = properties?.get(entry.property);
    return property === undefined ? [] : [{ hcl: entry, property }];
  });
}

function lastDescent(entries: readonly Entry[]): number {
  for (let index = entries.length - 1; index > 0; index -= 1) {
    const [before, after] = [entries[index - 1] as Entry, entries[index] as Entry];
    if (after.hcl.name < before.hcl.name) return index;
  }
  // No descent: structs of a provider that has blocks are blocks.
  return 0;
}
