import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Binding } from './binding';
import { providerType } from './binding';
import type { CacheStamp } from './cache';
import { readCache, writeCache } from './cache';
import { bindingBroken, sourceMapBroken, typeMissing } from './errors';
import { extractBlock } from './extract-schema';
import { extractConfig } from './extract-config';
import type { BlockSchema, TypeSchema } from './model';
import { parseBinding } from './parse-binding';
import type { ParsedClass, ParsedFile } from './parsed-binding';
import { originalSource } from './source-map';

export type TypeKind = 'resource' | 'data source';

const BASES: Readonly<Record<TypeKind, string>> = {
  resource: 'cdktf.TerraformResource',
  'data source': 'cdktf.TerraformDataSource',
};

/** Schemas of one binding, each type read on its own and kept in the cache. */
export class BindingSchemas {
  public constructor(
    private readonly binding: Binding,
    private readonly cacheDir: string,
  ) {}

  /** e.g. `@cdktf/provider-google 16.12.1`. */
  public get origin(): string {
    return `${this.binding.name} ${this.binding.version}`;
  }

  /** Schema of the provider's configuration. */
  public config(): BlockSchema {
    return this.cached('provider', (file) => {
      const provider = classWithBase(file, 'cdktf.TerraformProvider');
      return provider && extractConfig(file, provider);
    });
  }

  public type(kind: TypeKind, type: string): TypeSchema {
    const folder = this.folderOf(kind, type);
    if (folder === undefined) throw typeMissing(kind, type, this.origin);
    const block = this.cached(folder, (file) => {
      const root = classWithBase(file, BASES[kind]);
      return root && extractBlock(file, root);
    });
    // No binding carries the version of the stored state; one that never rises needs no upgrade.
    return { version: 0, block };
  }

  /** Every type of the binding, in the order of the names. */
  public types(kind: TypeKind): readonly string[] {
    const lib = join(this.binding.dir, 'lib');
    return this.folders()
      .flatMap((folder) => {
        const isData = folder.startsWith(`data-${providerType(this.binding.source)}-`);
        const named = isData === (kind === 'data source') ? typeIn(join(lib, folder)) : undefined;
        return named ?? [];
      })
      .sort();
  }

  private folders(): readonly string[] {
    const lib = join(this.binding.dir, 'lib');
    try {
      return readdirSync(lib, { withFileTypes: true }).flatMap((entry) =>
        entry.isDirectory() && entry.name !== 'provider' ? [entry.name] : [],
      );
    } catch (error) {
      throw bindingBroken(lib, error);
    }
  }

  /** The generator names folders after types; a class that would hide a built-in one gets `-resource` added. */
  private folderOf(kind: TypeKind, type: string): string | undefined {
    const prefix = `${providerType(this.binding.source)}_`;
    const short = kind === 'resource' && type.startsWith(prefix) ? type.slice(prefix.length) : type;
    const name = `${kind === 'resource' ? '' : 'data-'}${short.replaceAll('_', '-')}`;
    const isType = (folder: string): boolean => typeIn(join(this.binding.dir, 'lib', folder)) === type;
    const isKind = (folder: string): boolean =>
      folder.startsWith(`data-${prefix.slice(0, -1)}-`) === (kind === 'data source');
    return (
      [name, `${name}-resource`].find(isType) ??
      this.folders().find((folder) => isKind(folder) && isType(folder))
    );
  }

  private cached(folder: string, extract: (file: ParsedFile) => BlockSchema | undefined): BlockSchema {
    const files = filesOf(join(this.binding.dir, 'lib', folder));
    const stamp = stampOf(files);
    const { name, version } = this.binding;
    const entry = join(this.cacheDir, `${name.replace('/', '+')}@${version}`, `${folder}.json`);
    const known = readCache(entry, stamp);
    if (isBlock(known)) return known;
    const block = this.extracted(files, extract);
    writeCache(entry, stamp, block);
    return block;
  }

  private extracted(
    files: readonly string[],
    extract: (file: ParsedFile) => BlockSchema | undefined,
  ): BlockSchema {
    const sources = files.map((file) => originalSource(file));
    let block: BlockSchema | undefined;
    try {
      block = extract(parseBinding(sources));
    } catch (error) {
      throw sourceMapBroken(files.join(', '), String(error), error);
    }
    if (block !== undefined) return block;
    throw sourceMapBroken(files.join(', '), 'it holds no class of a provider, resource or data source');
  }
}

/** The compiled files of one type: structs of a large one are put beside it. */
function filesOf(folder: string): readonly string[] {
  const structs = join(folder, 'index-structs');
  const further = existsSync(structs)
    ? readdirSync(structs).filter((name) => /^structs\d+\.js$/.test(name))
    : [];
  return [join(folder, 'index.js'), ...further.map((name) => join(structs, name))];
}

function stampOf(files: readonly string[]): CacheStamp {
  let size = 0;
  let mtimeMs = 0;
  for (const file of files) {
    try {
      const stats = statSync(file);
      size += stats.size;
      mtimeMs = Math.max(mtimeMs, stats.mtimeMs);
    } catch (error) {
      throw bindingBroken(file, error);
    }
  }
  return { size, mtimeMs };
}

/** The Terraform type a folder of a binding declares. */
function typeIn(folder: string): string | undefined {
  const file = join(folder, 'index.d.ts');
  if (!existsSync(file)) return undefined;
  return /static readonly tfResourceType = "(\w+)"/.exec(readFileSync(file, 'utf8'))?.[1];
}

function classWithBase(file: ParsedFile, base: string): ParsedClass | undefined {
  return [...file.classes.values()].find((each) => each.base === base);
}

function isBlock(value: unknown): value is BlockSchema {
  return typeof value === 'object' && value !== null && 'attributes' in value && 'blocks' in value;
}
