import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { CACHE_FORMAT } from './cache';
import type { BlockSchema } from './model';
import { allTypes, readSchemas, withAllTypes } from './read-schemas';

const DOCKER = 'registry.terraform.io/kreuzwerker/docker';
const GOOGLE = 'registry.terraform.io/hashicorp/google';
const RANDOM = 'registry.terraform.io/hashicorp/random';
const dockerPackage = dirname(require.resolve('@cdktf/provider-docker/package.json'));

let folder: string;
let options: { readonly from: string; readonly cacheDir: string };

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mlterra-schemas-'));
  options = { from: __dirname, cacheDir: join(folder, 'cache') };
});
afterEach(() => rmSync(folder, { recursive: true }));

/** One line per path: flags and type of an attribute; nesting and limits of a block. */
function lines(block: BlockSchema, indent = ''): string[] {
  const attributes = Object.entries(block.attributes).map(([name, each]) => {
    const flags = `${each.required ? 'R' : ''}${each.optional ? 'O' : ''}${each.computed ? 'C' : ''}`;
    return `${indent}${name} ${flags} ${JSON.stringify(each.type ?? each.nested)}`;
  });
  const blocks = Object.entries(block.blocks).flatMap(([name, each]) => [
    `${indent}[${name}] ${each.nesting} ${each.minItems}..${each.maxItems}`,
    ...lines(each.block, `${indent}  `),
  ]);
  return [...attributes, ...blocks];
}

function resource(source: string, type: string): BlockSchema {
  const [schema] = readSchemas([{ source, resources: [type], dataSources: [] }], options);
  const block = schema?.resources[type]?.block;
  if (block === undefined) throw new Error(`no ${type}`);
  return block;
}

/** A folder of an environment with a copy of the docker binding that holds one type. */
function ownBinding(change: (binding: { readonly dir: string; readonly file: string }) => void): string {
  const dir = join(folder, 'environment', 'node_modules', '@cdktf', 'provider-docker');
  for (const part of ['package.json', 'lib/provider', 'lib/image']) {
    mkdirSync(dirname(join(dir, part)), { recursive: true });
    cpSync(join(dockerPackage, part), join(dir, part), { recursive: true });
  }
  change({ dir, file: join(dir, 'lib', 'image', 'index.js') });
  return join(folder, 'environment');
}

const imageOnly = [{ source: DOCKER, resources: ['docker_image'], dataSources: [] }];

test('attributes, collections and nested blocks of a resource', () => {
  expect(lines(resource(DOCKER, 'docker_network'))).toMatchInlineSnapshot(`
    [
      "attachable O "bool"",
      "check_duplicate O "bool"",
      "driver OC "string"",
      "id OC "string"",
      "ingress O "bool"",
      "internal OC "bool"",
      "ipam_driver O "string"",
      "ipam_options O ["map","string"]",
      "ipv6 O "bool"",
      "name R "string"",
      "options OC ["map","string"]",
      "scope C "string"",
      "[ipam_config] set 0..0",
      "  aux_address O ["map","string"]",
      "  gateway O "string"",
      "  ip_range O "string"",
      "  subnet O "string"",
      "[labels] set 0..0",
      "  label R "string"",
      "  value R "string"",
    ]
  `);
});

test('a list and a set that may hold one block, and blocks inside of blocks', () => {
  const { blocks } = resource(DOCKER, 'docker_container');
  expect(blocks['capabilities']).toMatchObject({ nesting: 'set', minItems: 0, maxItems: 1 });
  expect(blocks['healthcheck']).toMatchObject({ nesting: 'list', minItems: 0, maxItems: 1 });
  expect(blocks['mounts']).toMatchObject({ nesting: 'set', maxItems: 0 });
  expect(blocks['mounts']?.block.blocks['volume_options']?.block.blocks['labels']?.block.attributes).toEqual({
    label: { type: 'string', required: true, optional: false, computed: false },
    value: { type: 'string', required: true, optional: false, computed: false },
  });
});

test('objects that are computed only are attributes', () => {
  expect(resource(DOCKER, 'docker_container').attributes['network_data']).toMatchObject({
    type: ['list', ['object', { ip_address: 'string', ip_prefix_length: 'number' }]],
    optional: false,
    computed: true,
  });
});

test('blocks of a type so large that it is several files', () => {
  const cluster = resource(GOOGLE, 'google_container_cluster');
  expect(cluster.blocks['private_cluster_config']).toMatchObject({ nesting: 'list', maxItems: 1 });
  expect(cluster.blocks['private_cluster_config']?.block.attributes['master_ipv4_cidr_block']).toMatchObject({
    type: 'string',
    optional: true,
    computed: true,
  });
  expect(cluster.blocks['timeouts']).toMatchObject({ nesting: 'single' });
});

test('Terraform’s own names where a binding has others', () => {
  const block = resource(GOOGLE, 'google_compute_reservation').blocks['specific_reservation']?.block;
  expect(block?.attributes).toMatchObject({ count: { type: 'number', required: true } });
});

test('nested attributes of a provider of protocol 6', () => {
  const { attributes, blocks } = resource('registry.terraform.io/hashicorp/helm', 'helm_release');
  expect(blocks).toEqual({});
  expect(attributes['set']?.nested).toEqual({
    nesting: 'list',
    attributes: {
      name: { type: 'string', required: true, optional: false, computed: false },
      type: { type: 'string', required: false, optional: true, computed: true },
      value: { type: 'string', required: false, optional: true, computed: false },
    },
  });
  expect(attributes['metadata']).toMatchObject({ nested: { nesting: 'single' }, computed: true });
});

test('anything, where the provider takes anything', () => {
  const manifest = resource('registry.terraform.io/hashicorp/kubernetes', 'kubernetes_manifest');
  expect(manifest.attributes['manifest']).toMatchObject({ type: 'dynamic', required: true });
});

test('configurations of providers, without the alias', () => {
  const config = (source: string): BlockSchema | undefined =>
    readSchemas([{ source, resources: [], dataSources: [] }], options)[0]?.config;
  const google = config(GOOGLE);
  expect(Object.keys(google?.blocks ?? {})).toEqual(['batching', 'external_credentials']);
  expect(google?.attributes['alias']).toBeUndefined();
  expect(google?.attributes['default_labels']).toMatchObject({ type: ['map', 'string'], optional: true });
  const helm = config('registry.terraform.io/hashicorp/helm');
  expect(helm?.blocks).toEqual({});
  expect(helm?.attributes['kubernetes']?.nested).toMatchObject({
    nesting: 'single',
    attributes: {
      exec: {
        nested: { attributes: { api_version: { required: true }, args: { type: ['list', 'string'] } } },
      },
    },
  });
  expect(lines(config(DOCKER) ?? { attributes: {}, blocks: {} })).toMatchInlineSnapshot(`
    [
      "ca_material O "string"",
      "cert_material O "string"",
      "cert_path O "string"",
      "context O "string"",
      "disable_docker_daemon_check O "bool"",
      "host O "string"",
      "key_material O "string"",
      "ssh_opts O ["list","string"]",
      "[registry_auth] set 0..0",
      "  address R "string"",
      "  auth_disabled O "bool"",
      "  config_file O "string"",
      "  config_file_content O "string"",
      "  password O "string"",
      "  username O "string"",
    ]
  `);
});

test('only what is used is in the schema, with where it came from', () => {
  const [schema] = readSchemas(
    [{ source: DOCKER, resources: ['docker_image'], dataSources: ['docker_network'] }],
    options,
  );
  expect(schema).toMatchObject({
    source: DOCKER,
    version: expect.stringMatching(/^\d+\.\d+\.\d+$/) as unknown,
    origin: expect.stringMatching(/^@cdktf\/provider-docker \d/) as unknown,
  });
  expect(Object.keys(schema?.resources ?? {})).toEqual(['docker_image']);
  expect(Object.keys(schema?.dataSources ?? {})).toEqual(['docker_network']);
});

test('every type of a binding', () => {
  const types = allTypes(DOCKER, options);
  expect(types.resources).toHaveLength(11);
  expect(types.dataSources).toHaveLength(6);
  const schema = withAllTypes(DOCKER, options);
  expect(Object.keys(schema.resources)).toEqual(types.resources);
});

test('small providers are built in, also where a binding is installed', () => {
  const [schema] = readSchemas(
    [{ source: RANDOM, resources: ['random_password'], dataSources: [] }],
    options,
  );
  expect(schema?.origin).toBe('built in');
  expect(schema?.resources['random_password']?.block.attributes['result']).toEqual({
    type: 'string',
    required: false,
    optional: false,
    computed: true,
    sensitive: true,
  });
  expect(allTypes(RANDOM, options).resources).toContain('random_uuid');
});

describe('the cache', () => {
  const entries = (): string[] =>
    readdirSync(options.cacheDir, { recursive: true })
      .map(String)
      .filter((name) => name.includes('.'));
  const entryOf = (name: string): string => {
    const found = entries().find((each) => each.endsWith(name));
    return join(options.cacheDir, found ?? `no ${name}`);
  };

  test('is what a second run reads, and holds nothing half-written', () => {
    const from = ownBinding(() => undefined);
    const first = readSchemas(imageOnly, { ...options, from });
    expect(entries().filter((name) => !/@[\d.]+$/.test(name))).toHaveLength(2);
    const entry = entryOf('image.json');
    const stored = JSON.parse(readFileSync(entry, 'utf8')) as { value: BlockSchema };
    const marked = { ...stored, value: { attributes: {}, blocks: {} } };
    writeFileSync(entry, JSON.stringify(marked));
    expect(readSchemas(imageOnly, { ...options, from })).not.toEqual(first);
  });

  test.each([
    ['is cut off', (text: string) => text.slice(0, -10)],
    ['is no JSON', () => 'image'],
    ['is empty', () => ''],
    ['holds nothing', () => 'null'],
    [
      'is of another format',
      (text: string) => text.replace(`"format":${CACHE_FORMAT}`, '"format":0').replace('docker', 'other'),
    ],
    ['holds no schema', (text: string) => text.replace(/"value":.*/, '"value":{}}')],
  ])('is made anew when an entry %s', (_, change) => {
    const first = readSchemas(imageOnly, options);
    const entry = entryOf('image.json');
    const whole = readFileSync(entry, 'utf8');
    writeFileSync(entry, change(whole));
    expect(readSchemas(imageOnly, options)).toEqual(first);
    expect(readFileSync(entry, 'utf8')).toBe(whole);
  });

  test('is not used for a binding that was changed without a new version', () => {
    const from = ownBinding(() => undefined);
    readSchemas(imageOnly, { ...options, from });
    const file = join(from, 'node_modules', '@cdktf', 'provider-docker', 'lib', 'image', 'index.js');
    writeFileSync(file, 'module.exports = {};');
    expect(() => readSchemas(imageOnly, { ...options, from })).toThrow('has no inline source map');
  });

  test('that cannot be written is no error', () => {
    writeFileSync(options.cacheDir, 'a file where the folder would be');
    expect(readSchemas(imageOnly, options)[0]?.resources['docker_image']).toBeDefined();
  });
});

describe('is one clear error:', () => {
  const read = (from: string): unknown => readSchemas(imageOnly, { ...options, from });

  test('a provider without a binding', () => {
    const source = 'registry.terraform.io/acme/rocket';
    expect(() => readSchemas([{ source, resources: [], dataSources: [] }], options)).toThrow(
      /^The provider registry\.terraform\.io\/acme\/rocket cannot be rehearsed: no binding of it is installed(.|\n)*npm install @cdktf\/provider-rocket$/,
    );
  });

  test('a binding of another provider with the same name', () => {
    const source = 'registry.terraform.io/calxus/docker';
    expect(() => readSchemas([{ source, resources: [], dataSources: [] }], options)).toThrow(
      /calxus\/docker cannot be rehearsed: @cdktf\/provider-docker [\d.]+ is made for registry\.terraform\.io\/kreuzwerker\/docker/,
    );
  });

  test('a binding that lost its source maps', () => {
    const from = ownBinding(({ file }) => {
      const text = readFileSync(file, 'utf8');
      writeFileSync(file, text.slice(0, text.lastIndexOf('//# sourceMappingURL')));
    });
    expect(() => read(from)).toThrow(
      /provider-docker\/lib\/image\/index\.js has no inline source map(.|\n)*install the package again/,
    );
  });

  test.each([
    ['no JSON', Buffer.from('no').toString('base64'), /it is no JSON/],
    [
      'another source',
      Buffer.from(JSON.stringify({ sourcesContent: ['export const a = 1;'] })).toString('base64'),
      /holds no class of a provider/,
    ],
  ])('a source map that is %s', (_, map, message) => {
    const from = ownBinding(({ file }) =>
      writeFileSync(file, `//# sourceMappingURL=data:application/json;base64,${map}`),
    );
    expect(() => read(from)).toThrow(message);
    expect(() => read(from)).toThrow(/The source map of .*image\/index\.js cannot be read/);
  });

  test('a source that refers to a class that is not there', () => {
    const from = ownBinding(({ file }) => {
      const text = readFileSync(file, 'utf8');
      const at = text.lastIndexOf('base64,') + 'base64,'.length;
      const map = JSON.parse(Buffer.from(text.slice(at), 'base64').toString()) as {
        sourcesContent: string[];
      };
      map.sourcesContent = map.sourcesContent.map((source) =>
        source.replaceAll('export class ImageBuildOutputReference', 'export class Other'),
      );
      writeFileSync(file, text.slice(0, at) + Buffer.from(JSON.stringify(map)).toString('base64'));
    });
    expect(() => read(from)).toThrow(/cannot be read: Error: there is no class ImageBuildOutputReference/);
  });

  test('a type the binding does not have', () => {
    const used = { source: DOCKER, resources: ['docker_rocket'], dataSources: [] };
    expect(() => readSchemas([used], options)).toThrow(
      /^There is no resource docker_rocket in @cdktf\/provider-docker [\d.]+\./,
    );
    const read = { source: RANDOM, resources: [], dataSources: ['random_password'] };
    expect(() => readSchemas([read], options)).toThrow('no data source random_password in built in');
  });

  test('a package.json that is broken', () => {
    const from = ownBinding(({ dir }) => writeFileSync(join(dir, 'package.json'), '{'));
    expect(() => read(from)).toThrow(/provider-docker\/package\.json cannot be read/);
  });
});

test('a binding that is linked is found', () => {
  const scope = join(folder, 'environment', 'node_modules', '@cdktf');
  mkdirSync(scope, { recursive: true });
  symlinkSync(dockerPackage, join(scope, 'provider-docker'));
  const [schema] = readSchemas(imageOnly, { ...options, from: join(folder, 'environment') });
  expect(schema?.resources['docker_image']).toBeDefined();
});
