import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { bindingBroken, bindingMissing, bindingOther } from './errors';

/** An installed npm package that holds the CDKTF classes of one provider. */
export interface Binding {
  /** npm name. */
  readonly name: string;
  /** Version of the npm package. */
  readonly version: string;
  readonly dir: string;
  /** Full source address of the provider. */
  readonly source: string;
  /** Version of the provider it was generated from. */
  readonly providerVersion: string;
}

interface Manifest {
  readonly version?: string;
  readonly cdktf?: { readonly provider?: { readonly name?: string; readonly version?: string } };
}

/**
 * Finds the binding of a provider: prebuilt ones first, then those of mlterra, each as the folder `from` would
 * import it, and as this package would where that finds none.
 */
export function findBinding(source: string, from: string): Binding {
  const names = packageNames(providerType(source));
  let other: Binding | undefined;
  for (const folder of [resolve(from), __dirname]) {
    for (const name of names) {
      const binding = installed(name, folder);
      if (binding?.source === source) return binding;
      other ??= binding;
    }
  }
  if (other !== undefined) throw bindingOther(source, `${other.name} ${other.version}`, other.source);
  throw bindingMissing(source, names, from);
}

/**
 * The binding whose provider has this type, whatever its namespace; undefined instead of an error where it is
 * `optional`.
 */
export function bindingOfType(type: string, from: string, optional: boolean): Binding | undefined {
  const names = packageNames(type);
  for (const folder of [resolve(from), __dirname]) {
    for (const name of names) {
      const binding = installed(name, folder);
      if (binding !== undefined) return binding;
    }
  }
  if (optional) return undefined;
  throw bindingMissing(type, names, from);
}

function packageNames(type: string): readonly string[] {
  return [`@cdktf/provider-${type}`, `@mlterra/provider-${type}`];
}

/** Last part of a source address: what the names of the provider's types begin with. */
export function providerType(source: string): string {
  return source.slice(source.lastIndexOf('/') + 1);
}

function installed(name: string, folder: string): Binding | undefined {
  const file = manifestFile(name, folder);
  if (file === undefined) return undefined;
  let manifest: Manifest;
  try {
    manifest = JSON.parse(readFileSync(file, 'utf8')) as Manifest;
  } catch (error) {
    throw bindingBroken(file, error);
  }
  const provider = manifest.cdktf?.provider;
  return {
    name,
    version: manifest.version ?? '0.0.0',
    dir: dirname(file),
    source: fullSource(provider?.name ?? ''),
    providerVersion: provider?.version ?? '0.0.0',
  };
}

/** Where a module in the folder would find the package: in the nearest `node_modules` that has it. */
function manifestFile(name: string, folder: string): string | undefined {
  const file = join(folder, 'node_modules', name, 'package.json');
  if (existsSync(file)) return file;
  const parent = dirname(folder);
  return parent === folder ? undefined : manifestFile(name, parent);
}

/** `hashicorp/random` is short for `registry.terraform.io/hashicorp/random`. */
function fullSource(name: string): string {
  return name.split('/').length === 2 ? `registry.terraform.io/${name}` : name;
}
