import type { TerraformConfig } from '../synth/synthesize';
import { escapeTemplate, keyOf } from './instances';
import { instanceKeys } from './state-health';

/** A file that makes Terraform take an address for declared as long as it lies in the working folder. */
export interface Declaration {
  readonly name: string;
  /** @param provider the one that it needs beside that of its type */
  readonly text: (provider?: string) => string;
}

const PARTS = /^([^.[\]]+)\.([^.[\]]+)(?:\[(\d+|"(?:[^"\\]|\\.)*")\])?$/;

const NEW = 'mlterra-undeclared.tf.json';
/** Terraform lays a file of such a name over what is declared already. */
const OVER = 'mlterra-undeclared_override.tf.json';

/**
 * What declares an instance of a resource that the source no longer has: without it, Terraform imports nothing to its address.
 * Undefined where the source has it, where only Terraform knows whether it has (`count` and `for_each` that are computed,
 * resources in modules), and where an instance of this kind cannot be declared beside those there are.
 */
export function declarationOf(config: TerraformConfig, address: string): Declaration | undefined {
  const [, type, name, keyText] = PARTS.exec(address) ?? [];
  if (type === undefined || name === undefined) return undefined;
  const block = blockOf(config, address);
  const key = keyText === undefined ? undefined : keyOf(keyText);
  if (block !== undefined && (key === undefined || !isLeftOut(config, `${type}.${name}`, key)))
    return undefined;
  const body = key === undefined ? {} : instances(key);
  return {
    name: block === undefined ? NEW : OVER,
    text: (provider) => {
      const named = provider === undefined || block !== undefined ? {} : { provider };
      return JSON.stringify({ resource: { [type]: { [name]: { ...body, ...named } } } });
    },
  };
}

/**
 * The provider of a resource, as the configuration that created it says it (`google.eu`), undefined for the one of its type.
 * @returns `unknown` where that configuration does not have the resource
 */
export function providerOf(
  applied: TerraformConfig | undefined,
  address: string,
): { readonly provider: string | undefined } | 'unknown' {
  const block = applied === undefined ? undefined : blockOf(applied, address);
  if (block === undefined) return 'unknown';
  return { provider: typeof block.provider === 'string' ? block.provider : undefined };
}

function blockOf(config: TerraformConfig, address: string): Block | undefined {
  const [, type, name] = PARTS.exec(address) ?? [];
  const resources = config['resource'] as Record<string, Record<string, Block>> | undefined;
  return resources?.[type ?? '']?.[name ?? ''];
}

/**
 * Whether a configuration has a provider: `random` by its local name, which is the first word of types, `google.eu` by its alias,
 * too.
 */
export function isProvided(config: TerraformConfig, provider: string): boolean {
  const [name, alias] = provider.split('.') as [string, string?];
  if (name === 'terraform') return true;
  const { required_providers: required = {} } = (config['terraform'] ?? {}) as {
    required_providers?: Record<string, unknown>;
  };
  if (!(name in required)) return false;
  const blocks = [(config['provider'] as Record<string, unknown> | undefined)?.[name] ?? []].flat();
  const aliases = blocks.map((block) => (block as { readonly alias?: string }).alias);
  return aliases.includes(alias) || (alias === undefined && aliases.length === 0);
}

interface Block {
  readonly provider?: unknown;
  readonly count?: unknown;
  readonly for_each?: unknown;
}

/** Whether a resource that is declared certainly has no instance of this key, and may have one of its kind. */
function isLeftOut(config: TerraformConfig, address: string, key: string | number): boolean {
  const keys = instanceKeys(config, address);
  if (keys === 'unknown' || keys.has(key)) return false;
  return [...keys].every((other) => other === undefined || typeof other === typeof key);
}

/** Keys of objects are templates, too. */
function instances(key: string | number): Block {
  return typeof key === 'number' ? { count: key + 1 } : { for_each: { [escapeTemplate(key)]: null } };
}
