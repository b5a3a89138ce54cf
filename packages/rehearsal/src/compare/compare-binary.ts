import { basename } from 'node:path';
import { Plugin } from '../plugin/plugin-client';
import { schemaOf, schemaResponse } from '../plugin/real-schema';
import { bindingOfType } from '../schema/binding';
import { bindingSchema, builtInSchema, type ReadSchemasOptions } from '../schema/read-schemas';
import { compareSchemas, type SchemaComparison } from './compare-schemas';
import { providerUnnamed } from './errors';

const FILE_NAME = /^terraform-provider-([a-z0-9-]+?)(?:_v?(\d[^_]*?))?(?:_x\d)?(?:\.exe)?$/;

/** A person waits. */
const PATIENCE_MILLISECONDS = 15_000;

/**
 * Asks a provider binary for its schema and compares it with what a rehearsal would use instead: the schema read
 * from the installed binding, and the built-in one where there is one. Types and paths only one side has are
 * counted, not compared.
 */
export async function compareProviderBinary(
  binary: string,
  options: ReadSchemasOptions,
): Promise<readonly SchemaComparison[]> {
  const [, type, version = 'unknown'] = FILE_NAME.exec(basename(binary)) ?? [];
  // A file that is not there, or no provider, is told first, whatever it is called.
  const plugin = await Plugin.start(binary, undefined, PATIENCE_MILLISECONDS);
  try {
    if (type === undefined) throw providerUnnamed(binary);
    const builtIn = builtInSchema(`registry.terraform.io/hashicorp/${type}`);
    const binding = bindingOfType(type, options.from, builtIn !== undefined);
    const source = binding?.source ?? builtIn?.source ?? '';
    const real = schemaOf(await schemaResponse(plugin), { source, version, origin: plugin.binary });
    return [...(binding === undefined ? [] : [bindingSchema(binding, options.cacheDir)]), builtIn].flatMap(
      (extracted) => (extracted === undefined ? [] : [compareSchemas(real, extracted)]),
    );
  } finally {
    await plugin.stop();
  }
}
