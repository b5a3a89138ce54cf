import { parseState } from './state-file';

const origin = { name: 'x.tfstate', earlier: 'the file x.tfstate.backup' };
const parse = (text: string): unknown => parseState(text, origin);

/** As Terraform 1.11 writes it: one resource replaced half-way, one of a module with `for_each`. */
const written = {
  version: 4,
  terraform_version: '1.11.4',
  serial: 7,
  lineage: '3bb2c9c1-2b0f-b5ef-6d3c-3c2d3b5f5d11',
  outputs: {
    url: { value: 'http://127.0.0.1', type: 'string' },
    key: { value: 'k', type: 'string', sensitive: true },
  },
  resources: [
    {
      mode: 'managed',
      type: 'terraform_data',
      name: 'a',
      provider: 'provider["terraform.io/builtin/terraform"]',
      instances: [
        { schema_version: 0, attributes: { id: '2' }, sensitive_attributes: [] },
        { deposed: '0a1b2c3d', status: 'tainted', schema_version: 0, attributes: { id: '1' } },
      ],
    },
    {
      module: 'module.m["x"]',
      mode: 'data',
      type: 'local_file',
      name: 'b',
      provider: 'module.m.provider["registry.terraform.io/hashicorp/local"]',
      instances: [{ index_key: 'k', schema_version: 1, attributes: {} }],
    },
  ],
  check_results: null,
};

test('a state is read whole', () => {
  expect(parse(JSON.stringify(written))).toEqual({
    kind: 'state',
    state: {
      version: 4,
      terraformVersion: '1.11.4',
      serial: 7,
      lineage: written.lineage,
      outputs: {
        url: { value: 'http://127.0.0.1', sensitive: false },
        key: { value: 'k', sensitive: true },
      },
      resources: [
        {
          mode: 'managed',
          type: 'terraform_data',
          name: 'a',
          provider: 'provider["terraform.io/builtin/terraform"]',
          instances: [
            { attributes: { id: '2' }, schemaVersion: 0 },
            { deposed: '0a1b2c3d', status: 'tainted', attributes: { id: '1' }, schemaVersion: 0 },
          ],
        },
        {
          module: 'module.m["x"]',
          mode: 'data',
          type: 'local_file',
          name: 'b',
          provider: 'module.m.provider["registry.terraform.io/hashicorp/local"]',
          instances: [{ indexKey: 'k', attributes: {}, schemaVersion: 1 }],
        },
      ],
    },
  });
});

test('a state that OpenTofu encrypted is opaque', () => {
  const text = '{"serial":1,"lineage":"l","meta":{},"encrypted_data":"bXk=","encryption_version":"v0"}';
  expect(parse(text)).toEqual({ kind: 'opaque', reason: 'the state is encrypted' });
});

test.each([
  ['nothing', '', 'is empty'],
  ['blanks', ' \n', 'is empty'],
  ['half of it', JSON.stringify(written).slice(0, 200), 'is cut off or is not JSON'],
  ['zero bytes', '\0\0\0\0', 'is cut off or is not JSON'],
  ['a list', '[]', 'is JSON, but not a state'],
  ['an object', '{}', 'has no format version'],
  ['an old format', JSON.stringify({ ...written, version: 3 }), 'has the format version 3'],
  ['no serial', JSON.stringify({ ...written, serial: undefined }), 'has no valid serial'],
  ['no lineage', JSON.stringify({ ...written, lineage: 1 }), 'has no valid lineage'],
  [
    'an output without value',
    JSON.stringify({ ...written, outputs: { url: {} } }),
    'has no valid outputs.url',
  ],
  ['resources that are none', JSON.stringify({ ...written, resources: {} }), 'has no valid resources'],
  [
    'a resource without instances',
    JSON.stringify({
      ...written,
      resources: [written.resources[0], { ...written.resources[1], instances: null }],
    }),
    'has no valid resources[1]',
  ],
])('%s is refused', (_, text, found) => {
  expect(() => parse(text)).toThrow(
    expect.objectContaining({
      code: 'state-corrupt',
      message: [
        `The state x.tfstate ${found}.`,
        "  expected: a whole state of Terraform's format version 4",
        '  to do:    restore it from the file x.tfstate.backup; mlterra never overwrites it',
      ].join('\n'),
    }),
  );
});
