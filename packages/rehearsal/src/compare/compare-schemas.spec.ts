import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildProviders, isBuilt, providerBinary, type ProviderName } from '@mlterra/testbed';
import type { BlockSchema, ProviderSchema } from '../schema/model';
import { compareProviderBinary } from './compare-binary';
import { agreement, compareSchemas } from './compare-schemas';
import { comparisonText } from './comparison-text';

const full = process.env['MLTERRA_TEST_FULL'] !== undefined;
const MINUTES = 60_000;

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'mlterra-compare-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const options = () => ({ from: __dirname, cacheDir: join(folder, 'cache') });

/**
 * What the docker provider itself changed between 3.6.2, of which the binding is, and 4.5.0, of which the binary
 * is: arguments that were required are optional since. Against a binary of 3.6.2, built from its tag, all of 529
 * paths agree.
 */
const CHANGED_IN_DOCKER_4 = [
  'data docker_registry_image_manifests.auth_config.password',
  'data docker_registry_image_manifests.auth_config.username',
  'resource docker_config.data',
  'resource docker_container.healthcheck.test',
  'resource docker_registry_image.auth_config.password',
  'resource docker_registry_image.auth_config.username',
  'resource docker_service.task_spec.container_spec.healthcheck.test',
  'resource docker_service.task_spec.networks_advanced.name',
];

describe('the schema of the real provider agrees with that of the rehearsal:', () => {
  const cases: readonly { name: ProviderName; atLeast: number; changed: readonly string[] }[] = [
    { name: 'docker', atLeast: 528, changed: CHANGED_IN_DOCKER_4 },
    { name: 'local', atLeast: 55, changed: [] },
    { name: 'random', atLeast: 61, changed: [] },
    { name: 'tls', atLeast: 97, changed: [] },
  ];
  for (const { name, atLeast, changed } of cases) {
    (full || isBuilt(name) ? test : test.skip)(
      name,
      async () => {
        const [binary] = await buildProviders(name);
        const comparisons = await compareProviderBinary(binary?.path ?? '', options());
        expect(comparisons).toHaveLength(name === 'docker' ? 1 : 2);
        for (const comparison of comparisons) {
          expect(comparison.sharedPaths).toBeGreaterThanOrEqual(atLeast);
          const differing = [...new Set(comparison.differences.map(({ path }) => path))].sort();
          expect(differing).toEqual(changed);
          expect(comparison.equalPaths).toBe(comparison.sharedPaths - changed.length);
        }
      },
      10 * MINUTES,
    );
  }
});

function provider(block: BlockSchema): ProviderSchema {
  return {
    source: 'registry.terraform.io/acme/rocket',
    version: '1.0.0',
    origin: 'a test',
    config: { attributes: {}, blocks: {} },
    resources: { rocket: { version: 0, block } },
    dataSources: {},
  };
}

const flags = { required: true, optional: false, computed: false };
const empty: BlockSchema = { attributes: {}, blocks: {} };

test('equal schemas agree in every path, fields of objects included', () => {
  const schema = provider({
    attributes: {
      parts: { type: ['list', ['object', { name: 'string', weights: ['set', 'number'] }]], ...flags },
    },
    blocks: { stage: { nesting: 'list', minItems: 0, maxItems: 1, block: empty } },
  });
  const comparison = compareSchemas(schema, schema);
  expect(comparison).toMatchObject({ sharedTypes: 1, sharedPaths: 4, equalPaths: 4, differences: [] });
  expect(agreement(comparison)).toBe(100);
});

test.each([
  ['kind', { attributes: { a: { type: 'string', ...flags } } }, { blocks: { a: block({}) } }],
  [
    'type',
    { attributes: { a: { type: 'string', ...flags } } },
    { attributes: { a: { type: 'number', ...flags } } },
  ],
  ['required', attribute({ required: true }), attribute({ required: false })],
  ['optional', attribute({ optional: true }), attribute({ optional: false })],
  ['computed', attribute({ computed: true }), attribute({ computed: false })],
  ['nesting', { blocks: { a: block({ nesting: 'set' }) } }, { blocks: { a: block({ nesting: 'list' }) } }],
  ['minItems', { blocks: { a: block({ minItems: 1 }) } }, { blocks: { a: block({ minItems: 0 }) } }],
  ['maxItems', { blocks: { a: block({ maxItems: 1 }) } }, { blocks: { a: block({ maxItems: 0 }) } }],
] as const)('a difference in the %s is found', (fact, real, extracted) => {
  const comparison = compareSchemas(provider({ ...empty, ...real }), provider({ ...empty, ...extracted }));
  expect(comparison.differences).toMatchObject([{ path: 'resource rocket.a', fact }]);
  expect(agreement(comparison)).toBe(0);
});

function attribute(changed: Partial<typeof flags>): Partial<BlockSchema> {
  return { attributes: { a: { type: 'string', ...flags, ...changed } } };
}

function block(changed: { nesting?: 'set' | 'list'; minItems?: number; maxItems?: number }) {
  return { nesting: 'list', minItems: 0, maxItems: 0, block: empty, ...changed } as const;
}

test('what only one has is counted, not compared', () => {
  const real = provider({
    attributes: { a: { type: 'string', ...flags }, b: { type: 'string', ...flags } },
    blocks: {},
  });
  const extracted = provider({ attributes: { b: { type: 'string', ...flags } }, blocks: { c: block({}) } });
  expect(compareSchemas(real, extracted)).toMatchObject({
    sharedPaths: 1,
    equalPaths: 1,
    onlyReal: 1,
    onlyExtracted: 1,
  });
  expect(agreement(compareSchemas(real, provider(empty)))).toBe(0);
});

test('what no binding can say counts as a difference, and is told with its reason', () => {
  const real = provider({ ...empty, blocks: { a: block({ maxItems: 3 }) } });
  const comparison = compareSchemas(real, provider({ ...empty, blocks: { a: block({}) } }));
  expect(comparisonText(comparison)).toBe(
    [
      'registry.terraform.io/acme/rocket: 0 % of 1 shared paths agree',
      '  real:      1.0.0 (a test)',
      '  extracted: 1.0.0 (a test)',
      '  shared types: 1; paths only in the real schema: 0, only in the extracted one: 0',
      '  resource rocket.a: maxItems is 3, extracted 0 (bindings carry no limit above one)',
    ].join('\n'),
  );
});

describe('is one clear error:', () => {
  const answering = (name: string): string => {
    const file = join(folder, name);
    writeFileSync(file, '#!/bin/sh\necho "1|5|unix|/no/socket|grpc|"; exec sleep 600\n', { mode: 0o755 });
    return file;
  };

  test('a file that is not there', async () => {
    await expect(compareProviderBinary('/no/terraform-provider-random', options())).rejects.toThrow(
      'There is no file /no/terraform-provider-random that can be executed.',
    );
  });

  test('a program that is no provider', async () => {
    const link = join(folder, 'terraform-provider-random_v0.0.1');
    symlinkSync('/bin/ls', link);
    await expect(compareProviderBinary(link, options())).rejects.toThrow('is no Terraform provider');
  });

  test('a provider that nobody has a binding of', async () => {
    await expect(
      compareProviderBinary(answering('terraform-provider-rocket_v1.0.0'), options()),
    ).rejects.toThrow(/rocket cannot be rehearsed(.|\n)*npm install @cdktf\/provider-rocket/);
  });

  test('a file name that does not say which provider it is', async () => {
    await expect(compareProviderBinary(answering('provider'), options())).rejects.toThrow(
      /The file name of .*\/provider does not say which provider it is/,
    );
  });

  test('a provider that does not answer', async () => {
    await expect(
      compareProviderBinary(answering('terraform-provider-tls_v1.0.0'), options()),
    ).rejects.toThrow(/terraform-provider-tls_v1\.0\.0 failed at GetProviderSchema/);
  });
});

test('the binaries lie where Terraform looks in a filesystem mirror', () => {
  const { source, version, path } = providerBinary('docker');
  expect(path).toMatch(
    new RegExp(`/${source}/${version}/[a-z]+_[a-z0-9]+/terraform-provider-docker_v${version}$`),
  );
});
