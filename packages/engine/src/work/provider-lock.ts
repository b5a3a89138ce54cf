import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { TerraformConfig } from '../synth/synthesize';

/** Providers a configuration needs beside the built-in one, as full addresses, sorted. */
export function requiredProviders(config: TerraformConfig): readonly string[] {
  const terraform = (config['terraform'] ?? {}) as {
    required_providers?: Record<string, { source?: string }>;
  };
  return Object.entries(terraform.required_providers ?? {})
    .map(([name, { source }]) => fullAddress(source ?? `hashicorp/${name}`))
    .filter((address) => !address.startsWith('terraform.io/builtin/'))
    .sort();
}

/** Terraform reads `helm` as `hashicorp/helm`, and that as one of its registry. */
function fullAddress(source: string): string {
  const parts = source.split('/');
  if (parts.length === 1) return `registry.terraform.io/hashicorp/${source}`;
  return parts.length === 2 ? `registry.terraform.io/${source}` : source;
}

/** The provider lock of an environment. */
export interface ProviderLock {
  readonly text: string;
  /** Text of the entry of each provider, by address. */
  readonly entries: ReadonlyMap<string, string>;
}

/**
 * The part of a lock that is about the providers of one configuration: Terraform wants to take out what is not needed,
 * and refuses to destroy without what was not installed.
 */
export function lockFor(lock: ProviderLock | undefined, config: TerraformConfig): string | undefined {
  if (lock === undefined) return undefined;
  const entries = requiredProviders(config).flatMap((address) => lock.entries.get(address) ?? []);
  return entries.map((entry) => `${entry}\n`).join('\n');
}

/** Lock of a local mirror, whose packages have other hashes than the registry's; never committed. */
export const MIRROR_LOCK = path.join('.mlterra', 'mirror.terraform.lock.hcl');
/** The committed lock, beside `environment.ts`. */
export const COMMITTED_LOCK = '.terraform.lock.hcl';

/** Name of the lock file that counts on this machine: of the local mirror where there is one, else the committed one. */
export function lockFileName(environmentDir: string): string {
  return existsSync(path.join(environmentDir, MIRROR_LOCK)) ? MIRROR_LOCK : COMMITTED_LOCK;
}

/** Reads the lock of the environment: of the local mirror where there is one, else the committed one. */
export function readProviderLock(environmentDir: string): ProviderLock | undefined {
  const file = path.join(environmentDir, lockFileName(environmentDir));
  return existsSync(file) ? parseProviderLock(readFileSync(file, 'utf8')) : undefined;
}

/** The entries of a lock file, by address. */
export function parseProviderLock(text: string): ProviderLock {
  const entries = new Map<string, string>();
  for (const [entry, address] of text.matchAll(/^provider "([^"]+)" \{\n[\s\S]*?^\}/gm))
    entries.set(address!, entry);
  return { text, entries };
}

/** A lock file with the entries of both; `lock` keeps its own where both name a provider. */
export function mergeLocks(lock: ProviderLock | undefined, added: ProviderLock): string {
  const base = lock ?? added;
  const head = base.text.slice(0, Math.max(0, base.text.search(/^provider "/m)));
  const entries = [...new Map([...added.entries, ...(lock?.entries ?? [])])];
  const sorted = entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return `${head}${sorted.map(([, entry]) => `${entry}\n`).join('\n')}`;
}
