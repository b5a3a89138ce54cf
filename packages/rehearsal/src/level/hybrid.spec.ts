import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildProviders, isBuilt, providerBinary, type ProviderName } from '@mlterra/testbed';
import { wrongConfigurations } from '../conformance/testing/wrong-configurations';
import { RehearsedFolder, type PlannedChange } from '../provider/testing/rehearsed-folder';
import { Hybrid } from './hybrid';

const full = process.env['MLTERRA_TEST_FULL'] !== undefined;
const MINUTES = 60_000;

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'mlterra-hybrid-'));
});
afterAll(() => rmSync(dir, { recursive: true }));

const hybrids: Hybrid[] = [];
const folders: RehearsedFolder[] = [];
afterEach(async () => {
  await Promise.all(folders.splice(0).map((folder) => folder.stop()));
  await Promise.all(hybrids.splice(0).map((hybrid) => hybrid.stop()));
});

/** A folder with a configuration whose provider validates and plans for real. */
async function folderOf(name: ProviderName, config: Record<string, object>): Promise<RehearsedFolder> {
  const [binary] = await buildProviders(name);
  const types = (kind: string): string[] => Object.keys(config[kind] ?? {});
  const hybrid = await Hybrid.open(binary!, {
    source: binary!.source,
    resources: types('resource'),
    dataSources: types('data'),
  });
  hybrids.push(hybrid);
  const folder = await RehearsedFolder.start([hybrid.schema], {
    hybrids: new Map([[hybrid.schema.source, hybrid]]),
  });
  folders.push(folder);
  folder.write(config);
  await folder.init();
  return folder;
}

function actions(changes: readonly PlannedChange[]): string[] {
  return changes
    .filter(({ actions: what }) => what.join() !== 'no-op')
    .map(({ address, actions: what }) => `${what.join('+')} ${address}`);
}

/** What the real provider says about what a rehearsal lets pass. */
const SAID: Readonly<Record<string, RegExp>> = {
  'a restart policy that does not exist': /'sometimes' doesn't match the pattern/,
  'a share of the processor below zero': /'-1' cannot be lower than 0/,
  'a mount of a type that does not exist': /'disk' doesn't match the pattern '\^\(bind\|volume\|tmpfs\)\$'/,
  'a secret that is not base64': /'not base64!' is not base64 decodeable/,
  'a service that is both replicated and global': /"mode.0.global": conflicts with mode.0.replicated/,
  'a password of no length': /Attribute length value must be at least 1, got: 0/,
  'an algorithm that does not exist': /Attribute algorithm value must be one of: .* got: "DSA"/,
};

describe('what a rehearsal lets pass, the real provider rejects:', () => {
  const local = wrongConfigurations.filter(
    ({ caughtBy, provider }) => caughtBy === 'hybrid' && ['docker', 'random', 'tls'].includes(provider),
  );
  for (const { name, provider, config } of local) {
    (full || isBuilt(provider as ProviderName) ? test : test.skip)(
      name,
      async () => {
        const folder = await folderOf(provider as ProviderName, config('it') as Record<string, object>);
        const { ok, stderr, stdout } = await folder.terraform('plan');
        expect(ok).toBe(false);
        expect((stdout + stderr).replaceAll(/[\s│]+/g, ' ')).toMatch(SAID[name] ?? 'nothing was expected');
      },
      10 * MINUTES,
    );
  }
});

(full || isBuilt('docker') ? describe : describe.skip)('docker', () => {
  beforeAll(() => buildProviders('docker'), 10 * MINUTES);

  const container = (values: object) => ({
    resource: { docker_container: { one: { name: 'one', image: 'nginx', memory: 512, ...values } } },
  });

  test('knows what forces a replacement', async () => {
    const folder = await folderOf('docker', container({ hostname: 'a' }));
    await folder.apply();
    expect(await folder.changes()).toEqual([]);
    folder.write(container({ hostname: 'b' }));
    expect(actions(await folder.plan())).toEqual(['delete+create docker_container.one']);
    folder.write(container({ hostname: 'a', memory: 1024 }));
    expect(actions(await folder.plan())).toEqual(['update docker_container.one']);
    await folder.apply();
    expect(await folder.changes()).toEqual([]);
    folder.write(container({ hostname: 'b' }));
    await folder.apply();
    expect(await folder.changes()).toEqual([]);
    expect((await folder.state())['docker_container.one']).toMatchObject({ hostname: 'b', memory: 512 });
  });

  test('writes defaults that no binding knows', async () => {
    const folder = await folderOf('docker', container({}));
    await folder.apply();
    expect((await folder.state())['docker_container.one']).toMatchObject({ restart: 'no', must_run: true });
  });

  test('plays every further resource, and data sources', async () => {
    const base64 = Buffer.from('a').toString('base64');
    // The provider reads it while it plans, from its own working folder if the path is relative.
    const compose = join(dir, 'compose.yaml');
    writeFileSync(compose, 'services: {}\n');
    const config = {
      data: { docker_network: { it: { name: 'bridge' } } },
      resource: {
        docker_buildx_builder: { it: { name: 'it', driver: 'docker-container' } },
        docker_compose: { it: { config_paths: [compose], project_name: 'it' } },
        docker_config: { it: { name: 'it', data: base64 } },
        docker_plugin: { it: { name: 'vieux/sshfs:latest', alias: 'sshfs', env: ['A=1'] } },
        docker_registry_image: { it: { name: 'registry.example/it:1', keep_remotely: true } },
        docker_secret: { it: { name: 'it', data: base64, labels: [{ label: 'a', value: 'b' }] } },
        docker_service: {
          it: {
            name: 'it',
            task_spec: [
              {
                container_spec: [
                  {
                    image: 'nginx:1.29.3',
                    env: { A: '1' },
                    mounts: [{ target: '/data', type: 'volume', source: 'data' }],
                    healthcheck: [{ test: ['CMD', 'true'] }],
                  },
                ],
                resources: [{ limits: [{ memory_bytes: 1 }] }],
                restart_policy: [{ condition: 'any' }],
              },
            ],
            mode: [{ replicated: [{ replicas: 2 }] }],
            endpoint_spec: [{ ports: [{ target_port: 80, published_port: 8080 }] }],
          },
        },
        docker_tag: { it: { source_image: 'a:1', target_image: 'b:1' } },
      },
    };
    const folder = await folderOf('docker', config);
    await folder.apply();
    expect(await folder.changes()).toEqual([]);
    await folder.destroy();
    expect(await folder.state()).toEqual({});
  });

  test('imports', async () => {
    const config = { ...container({}), import: [{ to: 'docker_container.one', id: 'c0ffee' }] };
    const folder = await folderOf('docker', config);
    expect((await folder.changes()).join()).toMatch(/^import, .*docker_container\.one$/);
    await folder.apply();
    expect(await folder.changes()).toEqual([]);
    expect((await folder.state())['docker_container.one']).toMatchObject({ id: 'c0ffee', memory: 512 });
  });

  test('a provider that ends in the middle is told', async () => {
    const folder = await folderOf('docker', container({}));
    await hybrids[0]!.stop();
    const { ok, stderr } = await folder.terraform('plan');
    expect(ok).toBe(false);
    expect(stderr.replaceAll(/[\s│]+/g, ' ')).toMatch(/terraform-provider-docker_v[\d.]+ failed at/);
  });

  test('a type the binary does not have is one clear error', async () => {
    await expect(folderOf('docker', { resource: { docker_rocket: {} } })).rejects.toThrow(
      `There is no resource docker_rocket in ${providerBinary('docker').path}.`,
    );
  });
});
