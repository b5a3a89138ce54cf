/** @long */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { acme, block, computed, required } from '../provider/testing/schemas';
import { allTypes, readSchemas } from '../schema/read-schemas';
import type { ProviderSchema, UsedTypes } from '../schema/model';
import type { Arguments, Known } from './testing/configuration';
import { conform, type Failures, type Kind } from './testing/conformance';
import { notConforming } from './testing/not-conforming';

const sources = [
  'hashicorp/google',
  'hashicorp/aws',
  'hashicorp/azurerm',
  'digitalocean/digitalocean',
  'hashicorp/helm',
  'kreuzwerker/docker',
  'hashicorp/kubernetes',
].map((name) => `registry.terraform.io/${name}`);

const isFull = process.env['MLTERRA_TEST_FULL'] === '1';
const seed = process.env['MLTERRA_TEST_SEED'] ?? '20261121';
const minutes = 60_000;

let cacheDir: string;
let all: readonly UsedTypes[];

beforeAll(() => {
  cacheDir = mkdtempSync(join(tmpdir(), 'mlterra-schemas-'));
  all = sources.map((source) => allTypes(source, { from: __dirname, cacheDir }));
});

afterAll(() => rmSync(cacheDir, { recursive: true, force: true }));

/** As many types as wanted, others with every seed; in the full tier all of them, provider by provider. */
function sample(kind: Kind, count: number): string[] {
  const types = all.flatMap(({ resources, dataSources }) => (kind === 'data' ? dataSources : resources));
  if (isFull) return types;
  const rank = (type: string): string => createHash('sha256').update(`${seed} ${type}`).digest('hex');
  return types.sort((one, other) => rank(one).localeCompare(rank(other))).slice(0, count);
}

function schemasOf(types: readonly string[], kind: Kind): ProviderSchema[] {
  const wanted = new Set(types);
  const used = all.map(({ source, resources, dataSources }) => ({
    source,
    resources: kind === 'resource' ? resources.filter((type) => wanted.has(type)) : [],
    dataSources: kind === 'data' ? dataSources.filter((type) => wanted.has(type)) : [],
  }));
  return readSchemas(
    used.filter(({ resources, dataSources }) => resources.length + dataSources.length > 0),
    { from: __dirname, cacheDir },
  );
}

function tried(kind: Kind, which: Arguments, types: readonly string[], known?: Known): Promise<Failures> {
  return conform({ kind, which, known, schemasOf: (some) => schemasOf(some, kind) }, types);
}

/** The listed types among these: each must fail, so that nobody keeps an entry that is not needed any more. */
function listed(types: readonly string[]): string[] {
  return Object.keys(notConforming).filter((type) => types.includes(type));
}

test('all bindings are tried, whole', () => {
  expect(all.flatMap(({ resources }) => resources).length).toBeGreaterThanOrEqual(3968);
  expect(all.map(({ resources }) => resources.length)).not.toContain(0);
});

test(
  'resources with their required arguments are applied, and planned again without a change',
  async () => {
    const types = sample('resource', 30);
    const failures = await tried('resource', 'required', types);
    expect(Object.keys(failures).sort()).toEqual(listed(types).sort());
  },
  20 * minutes,
);

test(
  'resources with all their arguments are applied, and planned again without a change',
  async () => {
    const types = sample('resource', 8);
    const failures = await tried('resource', 'all', types);
    expect(Object.keys(failures).sort()).toEqual(listed(types).sort());
  },
  20 * minutes,
);

test(
  'resources with arguments that no plan knows become what was planned',
  async () => {
    const types = sample('resource', 8);
    const failures = await tried('resource', 'all', types, 'at apply');
    expect(Object.keys(failures).sort()).toEqual(listed(types).sort());
  },
  20 * minutes,
);

test(
  'data sources with all their arguments are read, and read again without a change',
  async () => {
    expect(await tried('data', 'all', sample('data', 8))).toEqual({});
  },
  20 * minutes,
);

test('blocks whose content the binding leaves open take any content', async () => {
  expect(await tried('resource', 'all', ['aws_wafv2_web_acl', 'aws_wafv2_rule_group'])).toEqual({});
});

test('a type that does not conform is found among those that do', async () => {
  // Terraform takes `count` for its own, so that no configuration can set it.
  const schema: ProviderSchema = {
    ...acme,
    resources: {
      ...acme.resources,
      acme_counter: { version: 0, block: block({ id: computed('string'), count: required('string') }) },
    },
  };
  const failures = await conform({ kind: 'resource', which: 'required', schemasOf: () => [schema] }, [
    'acme_place',
    'acme_counter',
    'acme_network',
  ]);
  expect(failures).toEqual({ acme_counter: expect.stringMatching(/count/) });
});
