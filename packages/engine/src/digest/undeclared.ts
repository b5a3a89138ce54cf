import type { TerraformConfig } from '../synth/synthesize';

/** A file that makes Terraform take an address for declared as long as it lies in the working folder. */
export interface Declaration {
  readonly name: string;
  readonly text: string;
}

const NEW = 'mlterra-undeclared.tf.json';
/** Terraform lays a file of such a name over what is declared already. */
const OVER = 'mlterra-undeclared_override.tf.json';

/**
 * What declares an instance of a resource that the source no longer has: without it, Terraform imports nothing to its address.
 * Undefined where the source has it, where only Terraform knows whether it has (`count` and `for_each` that are computed,
 * resources in modules), and where an instance of this kind cannot be declared beside those there are.
 */
export function declarationOf(config: TerraformConfig, address: string): Declaration | undefined {
  const [, type, name, keyText] =
    /^([^.[\]]+)\.([^.[\]]+)(?:\[(\d+|"(?:[^"\\]|\\.)*")\])?$/.exec(address) ?? [];
  if (type === undefined || name === undefined) return undefined;
  const resources = config['resource'] as Record<string, Record<string, Block>> | undefined;
  const block = resources?.[type]?.[name];
  const key = keyText === undefined ? undefined : keyOf(keyText);
  if (block !== undefined && (key === undefined || !isLeftOut(block, key))) return undefined;
  const body = key === undefined ? {} : instances(key);
  return {
    name: block === undefined ? NEW : OVER,
    text: JSON.stringify({ resource: { [type]: { [name]: body } } }),
  };
}

/** Whether a configuration has the provider of this local name, which resources name by the first word of their type. */
export function isProvided(config: TerraformConfig, name: string): boolean {
  const { required_providers: providers = {} } = (config['terraform'] ?? {}) as {
    required_providers?: Record<string, unknown>;
  };
  return name === 'terraform' || name in providers;
}

interface Block {
  readonly count?: unknown;
  readonly for_each?: unknown;
}

/** Whether a resource that is declared certainly has no instance of this key, and may have one of its kind. */
function isLeftOut({ count, for_each: each }: Block, key: string | number): boolean {
  if (typeof key === 'number') {
    return each === undefined && (count === undefined || (typeof count === 'number' && key >= count));
  }
  if (count !== undefined) return false;
  const keys = each === undefined ? [] : keysOf(each);
  return keys !== undefined && !keys.includes(key);
}

/** Keys of a `for_each` that can be told without Terraform. */
function keysOf(each: unknown): readonly string[] | undefined {
  if (typeof each === 'object' && each !== null && !Array.isArray(each)) return Object.keys(each);
  const list = typeof each === 'string' ? /^\$\{toset\((\[.*\])\)\}$/s.exec(each)?.[1] : undefined;
  if (list === undefined || /[$%]\{/.test(list)) return undefined;
  try {
    return JSON.parse(list) as readonly string[];
  } catch {
    return undefined;
  }
}

function instances(key: string | number): Block {
  return typeof key === 'number' ? { count: key + 1 } : { for_each: { [escaped(key)]: null } };
}

/** Keys of objects are templates, too. */
function escaped(key: string): string {
  return key.replace(/[$%](?=\{)/g, '$&$&');
}

/** The inverse of how Terraform writes the key of an instance. */
function keyOf(text: string): string | number {
  return text.startsWith('"') ? (JSON.parse(text) as string).replace(/([$%])\1(?=\{)/g, '$1') : Number(text);
}
