import { findBinding, type Binding } from './binding';
import { BindingSchemas } from './binding-schemas';
import { builtIn } from './builtin';
import { typeMissing } from './errors';
import type { ProviderSchema, TypeSchema, UsedTypes } from './model';

export interface ReadSchemasOptions {
  /** Folder whose packages are used: that of the environment. */
  readonly from: string;
  /** Folder for schemas that were read before, by package and version; made when missing. */
  readonly cacheDir: string;
}

/** Schemas of the providers, trimmed to the types that are used, in the order given. */
export function readSchemas(used: readonly UsedTypes[], options: ReadSchemasOptions): ProviderSchema[] {
  return used.map((types) => readSchema(types, options));
}

/** Every resource and data source a provider has here. */
export function allTypes(source: string, options: ReadSchemasOptions): UsedTypes {
  const whole = builtIn(source);
  if (whole !== undefined) {
    return {
      source,
      resources: Object.keys(whole.resources).sort(),
      dataSources: Object.keys(whole.dataSources).sort(),
    };
  }
  const binding = new BindingSchemas(findBinding(source, options.from), options.cacheDir);
  return { source, resources: binding.types('resource'), dataSources: binding.types('data source') };
}

/** The untrimmed schema of a provider: a few seconds for a large one that is in no cache. */
export function withAllTypes(source: string, options: ReadSchemasOptions): ProviderSchema {
  return readSchema(allTypes(source, options), options);
}

/** The whole schema a binding gives, also where a built-in one would win. */
export function bindingSchema(binding: Binding, cacheDir: string): ProviderSchema {
  const schemas = new BindingSchemas(binding, cacheDir);
  return fromBinding(
    binding,
    {
      source: binding.source,
      resources: schemas.types('resource'),
      dataSources: schemas.types('data source'),
    },
    cacheDir,
  );
}

/** The whole schema of a provider that needs no binding. */
export function builtInSchema(source: string): ProviderSchema | undefined {
  return builtIn(source);
}

function readSchema(used: UsedTypes, options: ReadSchemasOptions): ProviderSchema {
  const whole = builtIn(used.source);
  if (whole === undefined) return fromBinding(findBinding(used.source, options.from), used, options.cacheDir);
  return {
    ...whole,
    resources: picked(used.resources, (type) => whole.resources[type], 'resource', whole.origin),
    dataSources: picked(used.dataSources, (type) => whole.dataSources[type], 'data source', whole.origin),
  };
}

function fromBinding(binding: Binding, used: UsedTypes, cacheDir: string): ProviderSchema {
  const schemas = new BindingSchemas(binding, cacheDir);
  const { origin } = schemas;
  return {
    source: binding.source,
    version: binding.providerVersion,
    origin,
    config: schemas.config(),
    resources: picked(used.resources, (type) => schemas.type('resource', type), 'resource', origin),
    dataSources: picked(used.dataSources, (type) => schemas.type('data source', type), 'data source', origin),
  };
}

function picked(
  types: readonly string[],
  read: (type: string) => TypeSchema | undefined,
  kind: 'resource' | 'data source',
  origin: string,
): Record<string, TypeSchema> {
  return Object.fromEntries(
    types.map((type) => {
      const schema = read(type);
      if (schema === undefined) throw typeMissing(kind, type, origin);
      return [type, schema];
    }),
  );
}
