import type { AttributeSchema, BlockSchema, CtyType, ProviderSchema } from '../schema/model';

/** An attribute inside of an object that Terraform drops without a word, since the object has no such attribute. */
export interface DroppedAttribute {
  /** Address of the resource or data source. */
  readonly address: string;
  /** e.g. `set[0].kind` */
  readonly path: string;
  /** What the object has instead. */
  readonly known: readonly string[];
}

type Json = unknown;

/** Finds them in a configuration in JSON. Blocks are not looked at: what is wrong in those, Terraform says. */
export function droppedAttributes(
  config: Readonly<Record<string, Json>>,
  schemas: readonly ProviderSchema[],
): DroppedAttribute[] {
  return (['resource', 'data'] as const).flatMap((kind) =>
    schemas.flatMap((schema) =>
      Object.entries(kind === 'resource' ? schema.resources : schema.dataSources).flatMap(
        ([type, { block }]) =>
          entries(at(config[kind], type)).flatMap(([name, values]) => {
            const address = `${kind === 'data' ? 'data.' : ''}${type}.${name}`;
            return inBlock(block, values, '').map((found) => ({ address, ...found }));
          }),
      ),
    ),
  );
}

type Found = Omit<DroppedAttribute, 'address'>;

function inBlock(block: BlockSchema, value: Json, path: string): Found[] {
  return entries(value).flatMap(([name, inner]) => {
    const at = path === '' ? name : `${path}.${name}`;
    const attribute = block.attributes[name];
    if (attribute) return inAttribute(attribute, inner, at);
    const nested = block.blocks[name];
    if (!nested) return [];
    return elements(inner, at).flatMap(([element, where]) => inBlock(nested.block, element, where));
  });
}

function inAttribute({ type, nested }: AttributeSchema, value: Json, path: string): Found[] {
  if (!nested) return type === undefined ? [] : inType(type, value, path);
  const objects =
    nested.nesting === 'single' ? [[value, path] as const] : elements(value, path, nested.nesting);
  return objects.flatMap(([object, where]) =>
    inObject(Object.keys(nested.attributes), object, where, (name, inner, at) =>
      inAttribute(nested.attributes[name]!, inner, at),
    ),
  );
}

function inType(type: CtyType, value: Json, path: string): Found[] {
  if (typeof type === 'string') return [];
  if (type[0] === 'object') {
    const [, attributes] = type;
    return inObject(Object.keys(attributes), value, path, (name, inner, at) =>
      inType(attributes[name]!, inner, at),
    );
  }
  if (type[0] === 'tuple') return [];
  return elements(value, path, type[0]).flatMap(([element, at]) => inType(type[1], element, at));
}

function inObject(
  known: readonly string[],
  value: Json,
  path: string,
  inner: (name: string, value: Json, path: string) => Found[],
): Found[] {
  return entries(value).flatMap(([name, item]) => {
    const at = `${path}.${name}`;
    return known.includes(name) ? inner(name, item, at) : [{ path: at, known }];
  });
}

/** The elements of a list, or of a map; one object may stand for a list of one. */
function elements(value: Json, path: string, nesting = 'list'): (readonly [Json, string])[] {
  if (Array.isArray(value)) return value.map((element, index) => [element, `${path}[${index}]`] as const);
  if (nesting === 'map')
    return entries(value).map(([key, element]) => [element, `${path}["${key}"]`] as const);
  return [[value, path]];
}

function entries(value: Json): [string, Json][] {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : [];
}

function at(value: Json, name: string): Json {
  return entries(value).find(([key]) => key === name)?.[1];
}
