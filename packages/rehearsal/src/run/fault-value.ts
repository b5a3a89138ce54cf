import type { AttributeSchema, BlockSchema, CtyType } from '../schema/model';

/** What stands at a dotted path of a resource: its type (`dynamic` where any value fits), or what is wrong. */
export type AttributeFound =
  | { readonly type: CtyType }
  | { readonly unknown: string; readonly known: readonly string[] }
  | { readonly block: string; readonly known: readonly string[] };

/** Looks up e.g. `settings.0.tier`; the index of a block may be left out. */
export function attributeAt(block: BlockSchema, path: string): AttributeFound {
  const [name = '', ...rest] = path.split('.');
  const attribute = block.attributes[name];
  if (attribute) return { type: typeAt(attribute, rest) };
  const nested = block.blocks[name];
  if (!nested) return { unknown: name, known: namesOf(block) };
  const inner = nested.nesting !== 'single' && isStep(rest[0], nested.nesting) ? rest.slice(1) : rest;
  if (inner.length === 0) return { block: name, known: namesOf(nested.block) };
  return attributeAt(nested.block, inner.join('.'));
}

function isStep(step: string | undefined, nesting: string): boolean {
  return step !== undefined && (nesting === 'map' || /^\d+$/.test(step));
}

function namesOf(block: BlockSchema): string[] {
  return [...Object.keys(block.attributes), ...Object.keys(block.blocks)].sort();
}

function typeAt({ type = 'dynamic' }: AttributeSchema, path: readonly string[]): CtyType {
  return path.reduce<CtyType>((outer, step) => {
    if (typeof outer === 'string') return 'dynamic';
    if (outer[0] === 'object') return outer[1][step] ?? 'dynamic';
    return outer[0] === 'tuple' ? (outer[1][Number(step)] ?? 'dynamic') : outer[1];
  }, type);
}

/** The value as this type, e.g. the text `"5"` for the number that a command line gave; undefined where it does not fit. */
export function valueAs(type: CtyType, value: unknown): { readonly value: unknown } | undefined {
  if (value === null || type === 'dynamic') return { value };
  if (type === 'string') {
    const isPlain = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
    return isPlain ? { value: String(value) } : undefined;
  }
  if (type === 'number') return typeof value === 'number' ? { value } : undefined;
  if (type === 'bool') return typeof value === 'boolean' ? { value } : undefined;
  const isList = type[0] === 'list' || type[0] === 'set' || type[0] === 'tuple';
  if (isList !== Array.isArray(value) || typeof value !== 'object') return undefined;
  if (type[0] === 'tuple' || type[0] === 'object') return { value };
  const entries = Object.entries(value).map(([key, each]) => [key, valueAs(type[1], each)] as const);
  if (entries.some(([, each]) => each === undefined)) return undefined;
  const values = entries.map(([key, each]) => [key, each!.value] as const);
  return { value: isList ? values.map(([, each]) => each) : Object.fromEntries(values) };
}

/** `list of string` */
export function typeText(type: CtyType): string {
  if (typeof type === 'string') return type;
  return type[0] === 'object' || type[0] === 'tuple' ? type[0] : `${type[0]} of ${typeText(type[1])}`;
}
