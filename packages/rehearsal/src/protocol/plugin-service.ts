import type { ServiceDefinition } from '@grpc/grpc-js';
import { loadPackageDefinition, type ServiceClientConstructor } from '@grpc/grpc-js';
import { fromJSON } from '@grpc/proto-loader';
import { pluginProtocol } from './descriptor';

/**
 * The calls of the plugin protocol, for a server and for a client. Protocol 5 has the same messages, but for the
 * attributes of a schema, which have no objects.
 */
export function pluginService(protocol: 5 | 6 = 6): ServiceDefinition {
  const descriptor = structuredClone(pluginProtocol);
  if (protocol === 5) {
    const schema = descriptor.nested.tfplugin6.nested.Schema.nested as unknown as {
      readonly Attribute: { readonly fields: Record<string, object> };
    };
    delete schema.Attribute.fields['nested_type'];
    schema.Attribute.fields['write_only'] = { id: 10, type: 'bool' };
  }
  const definition = fromJSON(descriptor as never, {
    keepCase: true,
    longs: Number,
    enums: Number,
    defaults: true,
  });
  const loaded = loadPackageDefinition(definition) as unknown as {
    readonly tfplugin6: { readonly Provider: ServiceClientConstructor };
  };
  return loaded.tfplugin6.Provider.service;
}
