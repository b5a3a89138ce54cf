/** A nested block of an applied resource. */
export type Block = Readonly<Record<string, unknown>>;

/** The blocks of a name; none where the resource has none. */
export function blocks(values: Block, name: string): readonly Block[] {
  const value = values[name];
  return Array.isArray(value) ? value.filter(isBlock) : [];
}

/** The one block of a name. */
export function block(values: Block, name: string): Block | undefined {
  return blocks(values, name)[0];
}

/** The block at the end of a path of single blocks. */
export function blockAt(values: Block, ...path: readonly string[]): Block | undefined {
  let current: Block | undefined = values;
  for (const name of path) current = current && block(current, name);
  return current;
}

export function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
}

export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

export function booleanOf(value: unknown): boolean | undefined {
  return typeof value === 'boolean' ? value : undefined;
}

function isBlock(value: unknown): value is Block {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
