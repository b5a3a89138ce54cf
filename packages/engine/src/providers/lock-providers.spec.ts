import { existsSync, mkdirSync, readFileSync, writeFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { Fixture } from '../testing/fixture';
import { mirrorWith } from '../testing/provider-mirror';
import { findEngine } from '../terraform/find-engine';
import { ensureInit } from '../work/init';
import { readProviderLock } from '../work/provider-lock';
import { lockProviders } from './lock-providers';

const source = (name: string, version: string): string => `
import { defineEnvironment, localState } from '@mlterra/core';
import { TerraformProvider } from 'cdktf';
class Fake extends TerraformProvider {}
export default defineEnvironment({
  name: '${name}', backend: localState(), stages: { dev: { profile: 'development', settings: undefined } },
  build(stage) {
    const stack = stage.stack('a');
    new Fake(stack, 'fake', { terraformResourceType: 'fake', terraformProviderSource: 'example/fake', terraformGeneratorMetadata: { providerName: 'fake', providerVersionConstraint: '${version}' } });
  },
});`;

describe('provider locks', () => {
  const fixture = new Fixture();
  const mirror = mirrorWith(path.join(fixture.root, 'mirror'), '1.0.0', 'one');
  const saved = { ...process.env };
  let printed = '';
  beforeAll(() => {
    const config = path.join(fixture.root, 'terraformrc');
    writeFileSync(config, `provider_installation { filesystem_mirror { path = "${mirror}" } }`);
    process.env['TF_CLI_CONFIG_FILE'] = config;
    process.env['XDG_CACHE_HOME'] = path.join(fixture.root, 'cache');
  });
  beforeEach(() => {
    printed = '';
    for (const stream of [process.stdout, process.stderr]) {
      jest.spyOn(stream, 'write').mockImplementation((text) => {
        printed += String(text);
        return true;
      });
    }
  });
  afterEach(() => jest.restoreAllMocks());
  afterAll(() => {
    process.env = saved;
    fixture.remove();
  });
  const lock = (name: string, request = {}): Promise<number> =>
    lockProviders({ workspaceRoot: fixture.root, environmentDirs: [fixture.dir(name)], mirror, ...request });

  it('locks locally built providers beside the states, for this machine only', async () => {
    fixture.environment('mirrored', source('mirrored', '1.0.0'));
    expect(await lock('mirrored')).toBe(0);
    expect(printed).toBe('mirrored: wrote .mlterra/mirror.terraform.lock.hcl for fake\n');
    expect(existsSync(path.join(fixture.dir('mirrored'), '.terraform.lock.hcl'))).toBe(false);
    const { entries } = readProviderLock(fixture.dir('mirrored'))!;
    expect([...entries.keys()]).toEqual(['registry.terraform.io/example/fake']);
    expect(entries.get('registry.terraform.io/example/fake')).toMatch(/version\s+= "1\.0\.0"/);
  });

  it('locks for every platform that is asked for', async () => {
    fixture.environment('platforms', source('platforms', '1.0.0'));
    await lock('platforms', { platforms: ['linux_amd64', 'darwin_arm64'] });
    expect(readProviderLock(fixture.dir('platforms'))!.text.match(/"h1:/g)).toHaveLength(1);
  });

  it('says that built-in resources need no lock', async () => {
    fixture.environment(
      'builtin',
      `import { defineEnvironment, localState } from '@mlterra/core';
export default defineEnvironment({ name: 'builtin', backend: localState(), stages: { dev: { profile: 'development', settings: 1 } }, build(stage) { stage.stack('a'); } });`,
    );
    expect(await lock('builtin')).toBe(0);
    expect(printed).toBe('builtin: uses only built-in resources, needs no lock\n');
  });

  it('tells which provider is not to be had', async () => {
    fixture.environment('missing', source('missing', '9.9.9'));
    expect(await lock('missing')).toBe(1);
    expect(printed).toMatch(/error in missing: terraform providers lock failed: [\s\S]*example\/fake/);
    expect(existsSync(path.join(fixture.dir('missing'), '.mlterra', 'mirror.terraform.lock.hcl'))).toBe(
      false,
    );
  });

  it('installs from one cache in parallel, and never anything but what is locked', async () => {
    fixture.environment('cached', source('cached', '1.0.0'));
    await lock('cached');
    const providerLock = readProviderLock(fixture.dir('cached'))!;
    const engine = findEngine(undefined, path.join(fixture.root, '.mlterra', 'cache'));
    const config = {
      terraform: { required_providers: { fake: { source: 'example/fake', version: '1.0.0' } } },
    };
    const init = (name: string): Promise<void> => {
      const cwd = path.join(fixture.root, 'work', name);
      mkdirSync(cwd, { recursive: true });
      writeFileSync(path.join(cwd, 'main.tf.json'), JSON.stringify(config));
      writeFileSync(path.join(cwd, '.terraform.lock.hcl'), providerLock.text);
      return ensureInit({ engine, cwd, config, lock: providerLock });
    };
    await Promise.all(Array.from({ length: 6 }, (_, index) => init(String(index))));
    for (let index = 0; index < 6; index++) {
      expect(existsSync(path.join(fixture.root, 'work', String(index), '.terraform', 'mlterra-init'))).toBe(
        true,
      );
    }
    expect(readFileSync(path.join(fixture.root, 'work', '0', '.terraform.lock.hcl'), 'utf8')).toBe(
      providerLock.text,
    );

    rmSync(path.join(fixture.root, 'cache'), { recursive: true });
    mirrorWith(mirror, '1.0.0', 'tampered');
    await expect(init('tampered')).rejects.toThrow(/checksum|does not match/);
  });
});
