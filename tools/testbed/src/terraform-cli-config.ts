import { createHash } from 'node:crypto';
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildCache } from './go-build';
import { buildProviders, providerMirror, type ProviderName } from './providers';

/**
 * Path of a file for `TF_CLI_CONFIG_FILE` with which Terraform installs these providers from here, and every other one
 * as it always does. Builds those that are missing.
 */
export async function terraformCliConfig(...names: readonly ProviderName[]): Promise<string> {
  const binaries = await buildProviders(...names);
  const sources = binaries.map(({ source }) => source);
  const mirrors = new Map<string, string[]>();
  for (const { name, source } of binaries) {
    const mirror = providerMirror(name);
    mirrors.set(mirror, [...(mirrors.get(mirror) ?? []), source]);
  }
  const text = [
    'provider_installation {',
    ...[...mirrors].map(([path, include]) => block('filesystem_mirror', { path, include })),
    block('direct', { exclude: sources }),
    '}',
    '',
  ].join('\n');
  return write(text);
}

function block(name: string, settings: Readonly<Record<string, unknown>>): string {
  const lines = Object.entries(settings).map(([key, value]) => `    ${key} = ${JSON.stringify(value)}`);
  return [`  ${name} {`, ...lines, '  }'].join('\n');
}

/** The same text is the same file, which several processes may write at once. */
function write(text: string): string {
  const folder = join(buildCache(), 'terraform');
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${createHash('sha256').update(text).digest('hex').slice(0, 12)}.tfrc`);
  const own = `${file}.${process.pid}`;
  writeFileSync(own, text);
  renameSync(own, file);
  return file;
}
