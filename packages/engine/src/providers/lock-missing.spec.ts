import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Fixture, statuses } from '../testing/fixture';
import { mirrorWith } from '../testing/provider-mirror';
import { readProviderLock } from '../work/provider-lock';

/** An environment with a stack per provider, beside one without any. */
const source = (name: string, providers: readonly string[]): string => `
import { defineEnvironment, localState } from '@mlterra/core';
import { DataResource, TerraformProvider } from 'cdktf';
class Fake extends TerraformProvider {}
export default defineEnvironment({
  name: '${name}', backend: localState(), stages: { dev: { profile: 'development', settings: undefined } },
  build(stage) {
    new DataResource(stage.stack('plain'), 'R', { input: { a: 'b' } });
    for (const providerName of ${JSON.stringify(providers)}) {
      const stack = stage.stack(providerName);
      new Fake(stack, 'provider', { terraformResourceType: providerName, terraformProviderSource: 'example/' + providerName, terraformGeneratorMetadata: { providerName, providerVersionConstraint: '1.0.0' } });
    }
  },
});`;

const addresses = (dir: string): string[] => [...(readProviderLock(dir)?.entries.keys() ?? [])];
const LOCK = '.terraform.lock.hcl';

describe('a first use of providers', () => {
  const fixture = new Fixture();
  const mirror = path.join(fixture.root, 'mirror');
  for (const name of ['one', 'two']) mirrorWith(mirror, '1.0.0', name, name);
  const saved = { ...process.env };
  let printed = '';
  beforeAll(() => {
    const config = path.join(fixture.root, 'terraformrc');
    writeFileSync(config, `provider_installation { filesystem_mirror { path = "${mirror}" } }`);
    process.env['TF_CLI_CONFIG_FILE'] = config;
    process.env['XDG_CACHE_HOME'] = path.join(fixture.root, 'cache');
  });
  beforeEach(() => {
    delete process.env['CI'];
    delete process.env['MLTERRA_PROVIDER_LOCK'];
    printed = '';
    jest.spyOn(process.stderr, 'write').mockImplementation((text) => {
      printed += String(text);
      return true;
    });
  });
  afterEach(() => jest.restoreAllMocks());
  afterAll(() => {
    process.env = saved;
    fixture.remove();
  });

  it('locks those of all stacks, and later only what was added', async () => {
    const dir = fixture.environment('fresh', source('fresh', ['two']));
    // The file is no provider that runs: what is planned is the stack without any.
    expect(statuses(await fixture.run('plan', 'fresh'))['fresh/dev/plain']).toBe('new');
    expect(addresses(dir)).toEqual(['registry.terraform.io/example/two']);
    expect(printed).toContain(
      'note: wrote environments/fresh/.terraform.lock.hcl: commit it; "mlterra providers lock fresh" adds the other platforms',
    );
    const { entries } = readProviderLock(dir)!;

    fixture.environment('fresh', source('fresh', ['one', 'two']));
    await fixture.run('plan', 'fresh');
    expect(addresses(dir)).toEqual([
      'registry.terraform.io/example/one',
      'registry.terraform.io/example/two',
    ]);
    expect(readProviderLock(dir)!.entries.get('registry.terraform.io/example/two')).toBe(
      entries.get('registry.terraform.io/example/two'),
    );

    printed = '';
    await fixture.run('plan', 'fresh');
    expect(printed).not.toContain('wrote');
  });

  it('fails once and before any work where a provider is not to be had', async () => {
    const dir = fixture.environment('missing', source('missing', ['one', 'nowhere']));
    const { error, stacks } = await fixture.run('apply', 'missing');
    expect(stacks).toEqual([]);
    expect(error).toMatchObject({ code: 'providers-unlocked' });
    expect(error!.message).toMatch(/terraform init failed: [\s\S]*example\/nowhere[\s\S]*Nothing was done/);
    expect(existsSync(path.join(dir, LOCK))).toBe(false);
    expect(existsSync(fixture.stateFile('missing/dev/plain'))).toBe(false);
  });

  it.each([
    [
      'CI',
      'true',
      /uses registry\.terraform\.io\/example\/one, registry\.terraform\.io\/example\/two, .* \(CI is set\)/,
    ],
    ['MLTERRA_PROVIDER_LOCK', 'readonly', /MLTERRA_PROVIDER_LOCK is readonly/],
  ])(
    'with %s takes only what is committed, and tells of all stacks at once',
    async (variable, value, told) => {
      const name = variable.toLowerCase().replaceAll('_', '-');
      const dir = fixture.environment(name, source(name, ['one', 'two']));
      process.env[variable] = value;
      const { error, stacks } = await fixture.run('apply', name);
      expect(stacks).toEqual([]);
      expect(error!.message).toMatch(told);
      expect(error!.message).toContain(`npx mlterra providers lock ${name}`);
      expect(existsSync(path.join(dir, LOCK))).toBe(false);
    },
  );

  it('needs none to destroy where nothing was applied', async () => {
    fixture.environment('empty', source('empty', ['nowhere']));
    expect(statuses(await fixture.run('destroy', 'empty', { yes: true }))).toEqual({
      'empty/dev/plain': 'absent',
      'empty/dev/nowhere': 'absent',
    });
  });
});
