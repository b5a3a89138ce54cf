/** A block of a configuration. */
export interface ConfigBlock {
  /** As Terraform names it, e.g. `google_container_cluster.it`. */
  readonly address: string;
  /** Path of the construct that made it, e.g. `dev-cluster/cluster/Resource`. */
  readonly constructPath?: string;
}

/** How deep the names of a block lie below its kind. */
const DEPTHS: Readonly<Record<string, number>> = {
  resource: 2,
  data: 2,
  ephemeral: 2,
  output: 1,
  provider: 1,
  variable: 1,
};

/** The block a line (counted from 1) of `cdk.tf.json` is in, where it is in one. The text is indented by two. */
export function blockAtLine(text: string, line: number): ConfigBlock | undefined {
  const keys: string[] = [];
  for (const row of text.split('\n').slice(0, line)) {
    const [, indent = '', key] = /^((?: {2}){1,3})"((?:[^"\\]|\\.)*)":/.exec(row) ?? [];
    if (key !== undefined) keys.splice(indent.length / 2 - 1, Infinity, key);
  }
  const [kind = '', ...names] = keys;
  const depth = DEPTHS[kind];
  if (depth === undefined || names.length < depth) return undefined;
  const path = names.slice(0, depth);
  const constructPath = pathOf(text, [kind, ...path]);
  return {
    address: (kind === 'resource' ? path : [kind, ...path]).join('.'),
    ...(constructPath === undefined ? {} : { constructPath }),
  };
}

function pathOf(text: string, keys: readonly string[]): string | undefined {
  const at = (value: unknown, key: string): unknown =>
    typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;
  const found = [...keys, '//', 'metadata', 'path'].reduce<unknown>(at, JSON.parse(text));
  return typeof found === 'string' ? found : undefined;
}
