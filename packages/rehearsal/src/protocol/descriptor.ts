/**
 * The part of Terraform's plugin protocol 6 that is spoken here: wire numbers and names, which both sides must
 * share. Kept as a value, so that the compiled package needs no further file.
 */

type Field = readonly [id: number, type: string, rule?: 'repeated'];

interface Message {
  fields: Record<string, object>;
  nested?: Record<string, object>;
}

function message(
  fields: Readonly<Record<string, Field>>,
  nested?: Readonly<Record<string, object>>,
): Message {
  return {
    fields: Object.fromEntries(
      Object.entries(fields).map(([name, [id, type, rule]]): [string, object] => {
        const ofMap = /^map<(\w+), *([\w.]+)>$/.exec(type);
        if (ofMap) return [name, { id, keyType: ofMap[1], type: ofMap[2] }];
        return [name, rule ? { id, type, rule } : { id, type }];
      }),
    ),
    ...(nested ? { nested: { ...nested } } : {}),
  };
}

function values(...names: readonly string[]): object {
  return { values: Object.fromEntries(names.map((name, number) => [name, number])) };
}

function call(request: Readonly<Record<string, Field>>, response: Readonly<Record<string, Field>>): Message {
  return message({}, { Request: message(request), Response: message(response) });
}

const diagnostics = (id: number): Field => [id, 'Diagnostic', 'repeated'];
const config: Record<string, Field> = { config: [1, 'DynamicValue'] };
const typeAndConfig: Record<string, Field> = {
  type_name: [1, 'string'],
  config: [2, 'DynamicValue'],
};

const calls: Record<string, Message> = {
  GetProviderSchema: call(
    {},
    {
      provider: [1, 'Schema'],
      resource_schemas: [2, 'map<string, Schema>'],
      data_source_schemas: [3, 'map<string, Schema>'],
      diagnostics: diagnostics(4),
      provider_meta: [5, 'Schema'],
      server_capabilities: [6, 'ServerCapabilities'],
    },
  ),
  ValidateProviderConfig: call(config, { diagnostics: diagnostics(2) }),
  ValidateResourceConfig: call(
    { ...typeAndConfig, client_capabilities: [3, 'ClientCapabilities'] },
    { diagnostics: diagnostics(1) },
  ),
  ValidateDataResourceConfig: call(typeAndConfig, { diagnostics: diagnostics(1) }),
  UpgradeResourceState: call(
    { type_name: [1, 'string'], version: [2, 'int64'], raw_state: [3, 'RawState'] },
    { upgraded_state: [1, 'DynamicValue'], diagnostics: diagnostics(2) },
  ),
  ConfigureProvider: call(
    {
      terraform_version: [1, 'string'],
      config: [2, 'DynamicValue'],
      client_capabilities: [3, 'ClientCapabilities'],
    },
    { diagnostics: diagnostics(1) },
  ),
  ReadResource: call(
    {
      type_name: [1, 'string'],
      current_state: [2, 'DynamicValue'],
      private: [3, 'bytes'],
      provider_meta: [4, 'DynamicValue'],
      client_capabilities: [5, 'ClientCapabilities'],
    },
    { new_state: [1, 'DynamicValue'], diagnostics: diagnostics(2), private: [3, 'bytes'] },
  ),
  PlanResourceChange: call(
    {
      type_name: [1, 'string'],
      prior_state: [2, 'DynamicValue'],
      proposed_new_state: [3, 'DynamicValue'],
      config: [4, 'DynamicValue'],
      prior_private: [5, 'bytes'],
      provider_meta: [6, 'DynamicValue'],
      client_capabilities: [7, 'ClientCapabilities'],
    },
    {
      planned_state: [1, 'DynamicValue'],
      requires_replace: [2, 'AttributePath', 'repeated'],
      planned_private: [3, 'bytes'],
      diagnostics: diagnostics(4),
      legacy_type_system: [5, 'bool'],
    },
  ),
  ApplyResourceChange: call(
    {
      type_name: [1, 'string'],
      prior_state: [2, 'DynamicValue'],
      planned_state: [3, 'DynamicValue'],
      config: [4, 'DynamicValue'],
      planned_private: [5, 'bytes'],
      provider_meta: [6, 'DynamicValue'],
      client_capabilities: [7, 'ClientCapabilities'],
    },
    {
      new_state: [1, 'DynamicValue'],
      private: [2, 'bytes'],
      diagnostics: diagnostics(3),
      legacy_type_system: [4, 'bool'],
    },
  ),
  ImportResourceState: call(
    { type_name: [1, 'string'], id: [2, 'string'], client_capabilities: [3, 'ClientCapabilities'] },
    {
      imported_resources: [1, 'ImportResourceState.ImportedResource', 'repeated'],
      diagnostics: diagnostics(2),
    },
  ),
  MoveResourceState: call(
    {
      source_provider_address: [1, 'string'],
      source_type_name: [2, 'string'],
      source_schema_version: [3, 'int64'],
      source_state: [4, 'RawState'],
      target_type_name: [5, 'string'],
      source_private: [6, 'bytes'],
    },
    { target_state: [1, 'DynamicValue'], diagnostics: diagnostics(2), target_private: [3, 'bytes'] },
  ),
  ReadDataSource: call(
    { ...typeAndConfig, provider_meta: [3, 'DynamicValue'], client_capabilities: [4, 'ClientCapabilities'] },
    { state: [1, 'DynamicValue'], diagnostics: diagnostics(2) },
  ),
  GetFunctions: call({}, { diagnostics: diagnostics(2) }),
  StopProvider: call({}, { Error: [1, 'string'] }),
};

calls['ImportResourceState']!.nested!['ImportedResource'] = message({
  type_name: [1, 'string'],
  state: [2, 'DynamicValue'],
  private: [3, 'bytes'],
});

/** For `fromJSON` of `@grpc/proto-loader`. The service is `tfplugin6.Provider`. */
export const pluginProtocol = {
  nested: {
    tfplugin6: {
      nested: {
        DynamicValue: message({ msgpack: [1, 'bytes'], json: [2, 'bytes'] }),
        Diagnostic: message(
          {
            severity: [1, 'Severity'],
            summary: [2, 'string'],
            detail: [3, 'string'],
            attribute: [4, 'AttributePath'],
          },
          { Severity: values('INVALID', 'ERROR', 'WARNING') },
        ),
        AttributePath: message(
          { steps: [1, 'Step', 'repeated'] },
          {
            Step: {
              oneofs: {
                selector: { oneof: ['attribute_name', 'element_key_string', 'element_key_int'] },
              },
              ...message({
                attribute_name: [1, 'string'],
                element_key_string: [2, 'string'],
                element_key_int: [3, 'int64'],
              }),
            },
          },
        ),
        RawState: message({ json: [1, 'bytes'], flatmap: [2, 'map<string, string>'] }),
        ServerCapabilities: message({
          plan_destroy: [1, 'bool'],
          get_provider_schema_optional: [2, 'bool'],
          move_resource_state: [3, 'bool'],
        }),
        ClientCapabilities: message({
          deferral_allowed: [1, 'bool'],
          write_only_attributes_allowed: [2, 'bool'],
        }),
        StringKind: values('PLAIN', 'MARKDOWN'),
        Schema: message(
          { version: [1, 'int64'], block: [2, 'Block'] },
          {
            Block: message({
              version: [1, 'int64'],
              attributes: [2, 'Attribute', 'repeated'],
              block_types: [3, 'NestedBlock', 'repeated'],
              description: [4, 'string'],
              description_kind: [5, 'StringKind'],
              deprecated: [6, 'bool'],
            }),
            Attribute: message({
              name: [1, 'string'],
              type: [2, 'bytes'],
              nested_type: [10, 'Object'],
              description: [3, 'string'],
              required: [4, 'bool'],
              optional: [5, 'bool'],
              computed: [6, 'bool'],
              sensitive: [7, 'bool'],
              description_kind: [8, 'StringKind'],
              deprecated: [9, 'bool'],
              write_only: [11, 'bool'],
            }),
            NestedBlock: message(
              {
                type_name: [1, 'string'],
                block: [2, 'Block'],
                nesting: [3, 'NestingMode'],
                min_items: [4, 'int64'],
                max_items: [5, 'int64'],
              },
              { NestingMode: values('INVALID', 'SINGLE', 'LIST', 'SET', 'MAP', 'GROUP') },
            ),
            Object: message(
              { attributes: [1, 'Attribute', 'repeated'], nesting: [3, 'NestingMode'] },
              { NestingMode: values('INVALID', 'SINGLE', 'LIST', 'SET', 'MAP') },
            ),
          },
        ),
        ...calls,
        Provider: {
          methods: Object.fromEntries(
            Object.keys(calls).map((name) => [
              name,
              { requestType: `${name}.Request`, responseType: `${name}.Response` },
            ]),
          ),
        },
      },
    },
  },
};
