import { buildProviders, isBuilt } from '@mlterra/testbed';
import { Hybrid } from './hybrid';
import { RehearsedFolder } from '../provider/testing/rehearsed-folder';

const DOCKER = 'registry.terraform.io/kreuzwerker/docker';
const full = process.env['MLTERRA_TEST_FULL'] !== undefined;
const MINUTES = 60_000;

const everything = {
  resource: {
    docker_network: { one: { name: 'one', ipam_config: [{ subnet: '10.1.0.0/16' }] } },
    docker_volume: { data: { name: 'data', labels: [{ label: 'a', value: 'b' }] } },
    docker_image: { server: { name: 'nginx:1.29.3', keep_locally: true } },
    docker_container: {
      server: {
        name: 'server',
        image: '${docker_image.server.image_id}',
        env: ['A=1', 'NETWORK=${docker_network.one.id}'],
        memory: 512,
        ports: [{ internal: 80, external: 8080 }],
        mounts: [{ type: 'volume', target: '/data', source: '${docker_volume.data.name}' }],
        networks_advanced: [{ name: '${docker_network.one.name}', aliases: ['server'] }],
        healthcheck: [{ test: ['CMD', 'true'], interval: '30s' }],
        upload: [{ file: '/etc/a', content: 'a' }],
      },
    },
  },
};

(full || isBuilt('docker') ? describe : describe.skip)('docker', () => {
  let hybrid: Hybrid;
  let folder: RehearsedFolder;

  beforeAll(async () => {
    const [binary] = await buildProviders('docker');
    hybrid = await Hybrid.open(binary!, {
      source: DOCKER,
      resources: Object.keys(everything.resource),
      dataSources: [],
    });
  }, 10 * MINUTES);
  afterAll(() => hybrid.stop());
  beforeEach(async () => {
    folder = await RehearsedFolder.start([hybrid.schema], { hybrids: new Map([[DOCKER, hybrid]]) });
  });
  afterEach(() => folder.stop());

  test('full cycle', async () => {
    folder.write(everything);
    await folder.init();
    await folder.must('validate');
    expect((await folder.changes()).sort()).toEqual([
      'create docker_container.server',
      'create docker_image.server',
      'create docker_network.one',
      'create docker_volume.data',
    ]);
    await folder.apply();
    const p = (await folder.plan()).filter((c) => c.actions.join() !== 'no-op');
    for (const c of p)
      for (const k of Object.keys(c.after ?? {}))
        if (JSON.stringify(c.before?.[k]) !== JSON.stringify(c.after?.[k]) || c.afterUnknown[k])
          console.log(c.address, c.actions, k, c.before?.[k], c.after?.[k], c.afterUnknown[k]);
    expect(await folder.changes()).toEqual([]);
    await folder.destroy();
    expect(await folder.state()).toEqual({});
  });
});
