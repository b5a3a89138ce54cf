import { Plugin } from '../plugin/plugin-client';
import { schemaOf, schemaResponse, type SchemaResponse } from '../plugin/real-schema';
import { decodeValue, digest, encodeValue, isObject } from '../protocol/values';
import type { DynamicValue } from '../protocol/messages';
import type { PluginHandlers } from '../provider/plugin-server';
import { typeMissing } from '../schema/errors';
import type { ProviderSchema, UsedTypes } from '../schema/model';
import { hybridHandlers, type RealProvider } from './hybrid-provider';
import { offlineConfiguration } from './offline-configuration';
import type { MirroredProvider } from './provider-mirror';

interface Configured {
  readonly plugin: Plugin;
  readonly response: object;
}

/** A real provider that validates and plans; its processes run until it is stopped. */
export class Hybrid implements RealProvider {
  private readonly byConfiguration = new Map<string, Promise<Configured>>();

  private constructor(
    private readonly binary: MirroredProvider,
    private readonly socketDir: string | undefined,
    public readonly plain: Plugin,
    public readonly schema: ProviderSchema,
    public readonly message: object,
  ) {}

  /** Starts the binary, with its socket in a folder; its schema is trimmed to the types that are used. */
  public static async open(binary: MirroredProvider, used: UsedTypes, socketDir?: string): Promise<Hybrid> {
    const plugin = await Plugin.start(binary.path, socketDir);
    try {
      const message = trimmed(await schemaResponse(plugin), used, binary.path);
      const schema = schemaOf(message, {
        source: binary.source,
        version: binary.version,
        origin: binary.path,
      });
      return new Hybrid(binary, socketDir, plugin, schema, message);
    } catch (error) {
      await plugin.stop();
      throw error;
    }
  }

  /** Answers for one connection of Terraform; `played` does what the real provider must not. */
  public handlers(played: PluginHandlers): PluginHandlers {
    return hybridHandlers(this, played);
  }

  public configured(request: { readonly config: DynamicValue }): Promise<Configured> {
    const given = decodeValue(request.config);
    const config = offlineConfiguration(this.binary.source, isObject(given) ? given : {});
    if (config === undefined) return Promise.resolve({ plugin: this.plain, response: {} });
    const key = digest(config);
    const known = this.byConfiguration.get(key);
    if (known !== undefined) return known;
    const started = this.start({ ...request, config: encodeValue(config) });
    this.byConfiguration.set(key, started);
    return started;
  }

  public async stop(): Promise<void> {
    const started = await Promise.allSettled(this.byConfiguration.values());
    const plugins = started.flatMap((each) => (each.status === 'fulfilled' ? [each.value.plugin] : []));
    await Promise.all([this.plain, ...plugins].map((plugin) => plugin.stop()));
  }

  /** One process holds one configuration. */
  private async start(request: object): Promise<Configured> {
    const plugin = await Plugin.start(this.binary.path, this.socketDir);
    try {
      // Some learn the names of their types only by being asked for the schema, which Terraform always does first.
      await schemaResponse(plugin);
      return { plugin, response: await plugin.call<object>('ConfigureProvider', request) };
    } catch (error) {
      await plugin.stop();
      throw error;
    }
  }
}

function trimmed(response: SchemaResponse, used: UsedTypes, origin: string): SchemaResponse {
  const only = <T>(
    kind: 'resource' | 'data source',
    all: Readonly<Record<string, T>>,
    types: readonly string[],
  ): Record<string, T> =>
    Object.fromEntries(
      types.map((type) => {
        const schema = all[type];
        if (schema === undefined) throw typeMissing(kind, type, origin);
        return [type, schema];
      }),
    );
  return {
    ...response,
    resource_schemas: only('resource', response.resource_schemas, used.resources),
    data_source_schemas: only('data source', response.data_source_schemas, used.dataSources),
  };
}
