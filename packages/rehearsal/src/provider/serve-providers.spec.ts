import type { Fault } from '../faults';
import { RehearsedFolder } from './testing/rehearsed-folder';
import { acme } from './testing/schemas';

let folder: RehearsedFolder;

async function start(faults: readonly Fault[] = []): Promise<void> {
  folder = await RehearsedFolder.start([acme], { faults });
}

afterEach(() => folder.stop());

const everything = {
  provider: { acme: { region: 'north' } },
  resource: {
    acme_network: {
      one: { name: 'one', size: 0.1, labels: { team: 'ml' }, anything: { list: [1, 'two'] } },
      two: { name: 'two', size: 12345678901234567890n.toString(), cidr: '10.9.0.0/16' },
    },
    acme_cluster: {
      main: {
        name: 'main',
        network: '${acme_network.one.id}',
        pool: [{ name: 'cpu' }, { name: '${acme_network.two.id}', size: 3 }],
      },
    },
    acme_release: {
      app: {
        name: '${acme_cluster.main.access[0].cluster_ca_certificate}',
        values: [{ name: 'a', value: '${data.acme_images.all.addresses[0]}' }, { name: 'b' }],
      },
    },
  },
  data: { acme_images: { all: { filter: '${acme_network.two.cidr}' } } },
  output: { endpoint: { value: '${acme_cluster.main.endpoint}' } },
};

test('an environment is created, planned again without a change, and destroyed', async () => {
  await start();
  folder.write(everything);
  await folder.init();
  await folder.must('validate');
  const planned = await folder.plan();
  expect(planned.map(({ address, actions }) => `${actions.join()} ${address}`).sort()).toEqual([
    'create acme_cluster.main',
    'create acme_network.one',
    'create acme_network.two',
    'create acme_release.app',
    'read data.acme_images.all',
  ]);
  await folder.apply('plan');
  expect(await folder.changes()).toEqual([]);

  await folder.destroy();
  expect(await folder.state()).toEqual({});
});
