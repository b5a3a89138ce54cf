/** @long */
import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Container } from '@cdktf/provider-docker/lib/container';
import { Image } from '@cdktf/provider-docker/lib/image';
import { Network } from '@cdktf/provider-docker/lib/network';
import { DockerProvider } from '@cdktf/provider-docker/lib/provider';
import { Volume } from '@cdktf/provider-docker/lib/volume';
import { File } from '@cdktf/provider-local/lib/file';
import { LocalProvider } from '@cdktf/provider-local/lib/provider';
import { Password } from '@cdktf/provider-random/lib/password';
import { RandomProvider } from '@cdktf/provider-random/lib/provider';
import { PrivateKey } from '@cdktf/provider-tls/lib/private-key';
import { TlsProvider } from '@cdktf/provider-tls/lib/provider';
import { buildProviders, isBuilt, providerMirror } from '@mlterra/testbed';
import { rehearseEnvironment, type RehearseOptions } from '../run/rehearse-environment';
import type { RehearsalResult } from '../run/result';
import { lab, storage, type Stacks } from '../run/testing/lab';

const GOOGLE = 'registry.terraform.io/hashicorp/google';
const DOCKER = 'registry.terraform.io/kreuzwerker/docker';
const full = process.env['MLTERRA_TEST_FULL'] !== undefined;
const MINUTES = 60_000;

/** A container with its image, network and volume. */
const server: Stacks[string] = (stack) => {
  new DockerProvider(stack, 'docker', {});
  const image = new Image(stack, 'image', { name: 'nginx:1.29.3', keepLocally: true });
  const network = new Network(stack, 'network', {
    name: 'one',
    ipamConfig: [{ subnet: '10.1.0.0/16' }],
  });
  const volume = new Volume(stack, 'volume', { name: 'data', labels: [{ label: 'a', value: 'b' }] });
  const container = new Container(stack, 'container', {
    name: 'server',
    image: image.imageId,
    env: ['A=1', `NETWORK=${network.id}`],
    memory: 512,
    ports: [{ internal: 80, external: 8080 }],
    mounts: [
      { type: 'volume', target: '/data', source: volume.name, volumeOptions: { subpath: 'a' } },
      { type: 'tmpfs', target: '/tmp', tmpfsOptions: { mode: 0o777 } },
    ],
    networksAdvanced: [{ name: network.name, aliases: ['server'] }],
    healthcheck: { test: ['CMD', 'true'], interval: '30s' },
    upload: [{ file: '/etc/a', content: 'a' }],
  });
  container.overrideLogicalId('container');
};

/** What needs no server at all, so that the real providers can do it anywhere. */
const secrets =
  (folder: string): Stacks[string] =>
  (stack) => {
    new RandomProvider(stack, 'random', {});
    new TlsProvider(stack, 'tls', {});
    new LocalProvider(stack, 'local', {});
    // The versions that are in the mirror; the bindings are of others.
    for (const name of ['random', 'tls', 'local']) {
      stack.addOverride(`terraform.required_providers.${name}.version`, '>= 2');
    }
    const password = new Password(stack, 'password', { length: 20 });
    const key = new PrivateKey(stack, 'key', { algorithm: 'ED25519' });
    new File(stack, 'file', {
      filename: join(folder, 'key.pub'),
      content: `${key.publicKeyOpenssh}${password.id}`,
    });
  };

let root: string;
const mirror = process.env['MLTERRA_PROVIDER_MIRROR'];

beforeAll(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'mll-')));
  mkdirSync(join(root, 't'));
});
beforeEach(() => {
  process.env['MLTERRA_PROVIDER_MIRROR'] = providerMirror();
});
afterEach(() => {
  if (mirror === undefined) delete process.env['MLTERRA_PROVIDER_MIRROR'];
  else process.env['MLTERRA_PROVIDER_MIRROR'] = mirror;
  // No socket is left.
  expect(readdirSync(join(root, 't'))).toEqual([]);
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

function rehearse(stacks: Stacks, options: RehearseOptions): Promise<RehearsalResult> {
  return rehearseEnvironment(
    { definition: lab(stacks), dir: __dirname },
    { workspaceRoot: root, temporaryDir: join(root, 't'), ...options },
  );
}

function steps(result: RehearsalResult): string[] {
  if (result.error !== undefined) return [result.error.message];
  return result.stacks.flatMap(({ steps: all }) =>
    all.map(({ name, status, note, error }) =>
      [`${name} ${status}`, note ?? error].filter(Boolean).join(': '),
    ),
  );
}

(full || isBuilt('docker') ? describe : describe.skip)('docker at the level hybrid', () => {
  beforeAll(() => buildProviders('docker'), 10 * MINUTES);

  const hybrid = { level: { providers: { docker: 'hybrid' } } } as const;

  test('goes through a whole cycle without a Docker engine', async () => {
    const result = await rehearse({ server }, hybrid);
    expect(steps(result)).toEqual([
      'init passed',
      'validate passed',
      'plan passed: 4 to create',
      'apply passed: 4 created',
      'second plan passed: empty',
      'change passed: updates docker_container.container, for its memory',
      'destroy passed: 4 destroyed',
    ]);
    expect(result.levels).toEqual({ [DOCKER]: 'hybrid' });
  });

  test('still has what is to go wrong go wrong', async () => {
    const result = await rehearse(
      { server },
      {
        ...hybrid,
        faults: [
          { kind: 'fail-create', type: 'docker_container', nth: 1 },
          { kind: 'drift', address: 'docker_container.container', attribute: 'memory', value: 1024 },
          { kind: 'refuse-destroy', type: 'docker_volume', times: 1 },
        ],
      },
    );
    expect(steps(result)).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^resume passed/),
        expect.stringMatching(/^drift passed/),
        'second plan passed: empty',
        expect.stringMatching(/^destroy passed: refused once as asked/),
      ]),
    );
  });

  test('is left out where there is no binary, if it was asked for where possible', async () => {
    const result = await rehearse({ server, storage }, { level: 'hybrid' });
    expect(result.error).toBeUndefined();
    expect(result.levels).toEqual({ [DOCKER]: 'hybrid', [GOOGLE]: 'rehearsal' });
    expect(result.withoutBinary).toEqual([GOOGLE]);
    expect(steps(result)).toContain('change passed: updates docker_container.container, for its memory');
  });

  test('is an error where there is no binary, if it was asked for by name', async () => {
    process.env['MLTERRA_PROVIDER_MIRROR'] = root;
    const result = await rehearse({ server }, hybrid);
    expect(result.error?.message).toMatch(
      /^The level hybrid is asked for registry\.terraform\.io\/kreuzwerker\/docker, and there is no binary of it in /,
    );
    expect(result.stacks).toEqual([]);
  });
});

test('hybrid for all is an error where no provider has a binary', async () => {
  process.env['MLTERRA_PROVIDER_MIRROR'] = root;
  const { error } = await rehearse({ storage }, { level: 'hybrid' });
  expect(error?.message).toContain(`there is no binary of any provider in ${root}`);
  expect(error?.message).toContain('MLTERRA_PROVIDER_MIRROR');
});

test('real is refused for what makes something, unless it is allowed', async () => {
  const { error } = await rehearse({ storage }, { level: 'real' });
  expect(error?.message).toMatch(/^The level real would have google create, change and destroy real things/);
});

const SMALL = ['random', 'tls', 'local'] as const;

(full || SMALL.every(isBuilt) ? describe : describe.skip)('random, tls and local', () => {
  beforeAll(() => buildProviders(...SMALL), 10 * MINUTES);

  const passed = [
    'init passed',
    'validate passed',
    'plan passed: 3 to create',
    'apply passed: 3 created',
    'second plan passed: empty',
    expect.stringMatching(/^change (passed|skipped)/) as string,
    'destroy passed: 3 destroyed',
  ];

  test.each([
    ['real', ['key.pub']],
    ['hybrid', []],
  ] as const)('at the level %s', async (level, written) => {
    const folder = mkdtempSync(join(root, `${level}-`));
    let found: string[] | undefined;
    const result = await rehearse(
      { secrets: secrets(folder) },
      {
        level,
        allowReal: true,
        onStep: (_, { name }) => {
          if (name === 'apply') found = readdirSync(folder);
        },
      },
    );
    expect(steps(result)).toEqual(passed);
    expect(new Set(Object.values(result.levels))).toEqual(new Set([level]));
    expect(found).toEqual(written);
    expect(readdirSync(folder)).toEqual([]);
  });
});
