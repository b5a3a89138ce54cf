/** @long */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault } from '../faults';
import { readSchemas } from '../schema/read-schemas';
import { serveProviders } from './serve-providers';
import { RehearsedFolder } from './testing/rehearsed-folder';
import { acme } from './testing/schemas';

let folder: RehearsedFolder;

async function start(
  config: Readonly<Record<string, unknown>>,
  faults: readonly Fault[] = [],
): Promise<void> {
  folder = await RehearsedFolder.start([acme], { faults });
  folder.write(config);
  await folder.init();
}

afterEach(() => folder.stop());

function network(values: Readonly<Record<string, unknown>>, more: object = {}): Record<string, unknown> {
  return { resource: { acme_network: { one: { name: 'one', ...values } } }, ...more };
}

const everything = {
  provider: { acme: [{ region: 'north' }, { alias: 'other', region: '${acme_network.one.id}' }] },
  resource: {
    acme_network: {
      one: { name: 'one', size: 0.1, labels: { team: 'ml' }, anything: { list: [1, 'two'] } },
      two: { name: 'two', size: '12345678901234567890', cidr: '10.9.0.0/16' },
    },
    acme_cluster: {
      main: {
        name: 'main',
        network: '${acme_network.one.id}',
        pool: [{ name: 'cpu' }, { name: '${acme_network.two.id}', size: 3 }],
      },
      second: {
        provider: 'acme.other',
        name: 'second',
        dynamic: {
          pool: {
            for_each: '${toset([acme_cluster.main.endpoint])}',
            content: { name: '${pool.value}' },
          },
        },
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

describe('what is asked is done', () => {
  test('resources are created, planned again without a change, and destroyed', async () => {
    await start(everything);
    await folder.must('validate');
    expect((await folder.changes()).sort()).toEqual([
      'create acme_cluster.main',
      'create acme_cluster.second',
      'create acme_network.one',
      'create acme_network.two',
      'create acme_release.app',
      'read data.acme_images.all',
    ]);
    await folder.apply('plan');
    expect(await folder.changes()).toEqual([]);

    const state = await folder.state();
    expect(state['acme_cluster.main']).toMatchObject({
      network: state['acme_network.one']!['id'],
      pool: expect.arrayContaining([{ name: 'cpu', size: 1, uid: expect.any(String) }]),
    });
    expect(state['acme_network.one']).toMatchObject({
      size: 0.1,
      anything: { list: [1, 'two'] },
      effective_labels: { team: 'ml' },
      cidr: expect.stringMatching(/^10\.\d+\.0\.0\/16$/),
    });
    await folder.destroy();
    expect(await folder.state()).toEqual({});
    expect(folder.servers.calls.filter(({ kind }) => kind === 'delete')).toHaveLength(5);
  });

  test('one changed attribute is one update, and what follows from it', async () => {
    await start(everything);
    await folder.apply();
    folder.write({
      ...everything,
      resource: {
        ...everything.resource,
        acme_network: {
          ...everything.resource.acme_network,
          one: { ...everything.resource.acme_network.one, labels: { team: 'data' } },
        },
      },
    });
    const changed = (await folder.plan()).filter(({ actions }) => actions.join() !== 'no-op');
    expect(changed.map(({ actions, address }) => `${actions.join()} ${address}`)).toEqual([
      'update acme_network.one',
    ]);
    expect(changed[0]!.afterUnknown).toMatchObject({ effective_labels: true, labels: {} });
    await folder.apply('plan');
    expect(await folder.changes()).toEqual([]);
    expect((await folder.state())['acme_network.one']).toMatchObject({ effective_labels: { team: 'data' } });
  });

  test('an element joins a set, and a block that was configured goes', async () => {
    const cluster = (values: object): Record<string, unknown> => ({
      resource: { acme_cluster: { main: { name: 'main', ...values } } },
    });
    await start(cluster({ access: { user: 'ann' }, pool: [{ name: 'cpu' }] }));
    await folder.apply();
    folder.write({ ...cluster({ access: { user: 'ann' }, pool: [{ name: 'cpu' }, { name: 'gpu' }] }) });
    expect(await folder.changes()).toEqual(['update acme_cluster.main']);
    await folder.apply();
    expect(await folder.changes()).toEqual([]);
    const before = (await folder.state())['acme_cluster.main']!;
    expect(before['pool']).toHaveLength(2);
    expect(before['access']).toEqual([{ user: 'ann', cluster_ca_certificate: expect.any(String) }]);

    folder.write({ ...cluster({ pool: [{ name: 'cpu' }, { name: 'gpu' }] }) });
    expect(await folder.changes()).toEqual(['update acme_cluster.main']);
    await folder.apply();
    expect(await folder.changes()).toEqual([]);
    expect((await folder.state())['acme_cluster.main']!['access']).toEqual([
      { user: null, cluster_ca_certificate: expect.any(String) },
    ]);
  });

  test('made-up values are the same in every rehearsal, and differ between resources that are alike', async () => {
    const alike = { resource: { acme_network: { one: { name: 'same' }, two: { name: 'same' } } } };
    const ids = async (): Promise<unknown[]> => {
      await start(alike);
      await folder.apply();
      const state = await folder.state();
      return [state['acme_network.one']!['id'], state['acme_network.two']!['id']].sort();
    };
    const first = await ids();
    expect(new Set(first).size).toBe(2);
    await folder.stop();
    expect(await ids()).toEqual(first);
  });

  test('a write-only value is in no state', async () => {
    await start(network({ secret_wo: 'hidden' }));
    await folder.apply();
    expect(await folder.changes()).toEqual([]);
    expect((await folder.state())['acme_network.one']!['secret_wo']).toBeNull();
    const file = readFileSync(join(folder.base, 'work', 'terraform.tfstate'), 'utf8');
    expect(file).toContain('secret_wo');
    expect(file).not.toContain('hidden');
  });

  test('an ephemeral resource is refused by its name', async () => {
    await start({ ephemeral: { acme_network: { one: { name: 'one' } } } });
    const refused = await folder.terraform('validate');
    expect(refused.stderr.replace(/\s+/g, ' ')).toMatch(
      /provider example\/acme does not support ephemeral resource "acme_network"/,
    );
  });

  test('a resource is imported by a block, and becomes what is configured', async () => {
    await start(network({ size: 3 }, { import: [{ to: 'acme_network.one', id: 'net-7' }] }));
    expect(await folder.changes()).toEqual(['import, update acme_network.one']);
    await folder.apply();
    expect(await folder.changes()).toEqual([]);
    expect((await folder.state())['acme_network.one']).toMatchObject({ id: 'net-7', name: 'one', size: 3 });
    expect(folder.servers.calls.map(({ kind }) => kind)).not.toContain('create');
  });

  test('a resource that was moved is the same one', async () => {
    await start(network({}));
    await folder.apply();
    const before = (await folder.state())['acme_network.one'];
    folder.write({
      resource: { acme_network: { other: { name: 'one' } } },
      moved: [{ from: 'acme_network.one', to: 'acme_network.other' }],
    });
    expect(await folder.changes()).toEqual([]);
    await folder.apply();
    expect(await folder.state()).toEqual({ 'acme_network.other': before });
  });

  test('a state of another schema version is read, and what the schema lost is dropped', async () => {
    await start(network({ size: 0.1 }));
    await folder.apply();
    await folder.servers.stop();
    const { size: _, ...attributes } = acme.resources['acme_network']!.block.attributes;
    const later = { version: 3, block: { attributes, blocks: {} } };
    const schema = { ...acme, resources: { ...acme.resources, acme_network: later } };
    folder = await folder.restart([schema]);
    folder.write(network({}));
    expect(await folder.changes()).toEqual([]);
  });
});

describe('what is asked to go wrong does', () => {
  test('the n-th create of a type fails, and the next attempt succeeds', async () => {
    const config = { resource: { acme_network: { one: { name: 'one' }, two: { name: 'two' } } } };
    await start(config, [{ kind: 'fail-create', type: 'acme_network', nth: 2 }]);
    const failed = await folder.terraform('apply', '-auto-approve');
    expect(failed.ok).toBe(false);
    expect(failed.stderr).toMatch(/Create failed[\s\S]*the create of this acme_network fails/);
    expect(Object.keys(await folder.state())).toHaveLength(1);
    expect(await folder.changes()).toEqual([expect.stringMatching(/^create acme_network\.(one|two)$/)]);
    await folder.apply();
    expect(await folder.changes()).toEqual([]);
  });

  test('a create that takes too long leaves a tainted resource, which is replaced', async () => {
    await start(network({}), [{ kind: 'time-out', type: 'acme_network', nth: 1 }]);
    const failed = await folder.terraform('apply', '-auto-approve');
    expect(failed.ok).toBe(false);
    expect(failed.stderr).toContain('was not ready in time');
    expect(await folder.changes()).toEqual(['delete+create acme_network.one']);
    await folder.apply();
    expect(await folder.changes()).toEqual([]);
  });

  test('a drift is seen from the second read on, and put right by an apply', async () => {
    const config = {
      resource: { acme_network: { one: { name: 'one', size: 1 }, two: { name: 'two', size: 2 } } },
    };
    await start(config);
    await folder.apply();
    folder.drift({ kind: 'drift', address: 'acme_network.two', attribute: 'size', value: 5 });
    expect(await folder.changes()).toEqual([]);
    const drifted = await folder.plan();
    expect(drifted.find(({ address }) => address === 'acme_network.two')).toMatchObject({
      actions: ['update'],
      before: { size: 5 },
      after: { size: 2 },
    });
    expect(drifted.find(({ address }) => address === 'acme_network.one')).toMatchObject({
      actions: ['no-op'],
    });
    await folder.apply();
    expect(await folder.changes()).toEqual([]);
  });

  test('a drift inside a block is seen too', async () => {
    await start({ resource: { acme_cluster: { main: { name: 'main', access: { user: 'ann' } } } } });
    await folder.apply();
    folder.drift({ kind: 'drift', address: 'acme_cluster.main', attribute: 'access.0.user', value: 'eve' });
    expect(await folder.changes()).toEqual([]);
    expect(await folder.changes()).toEqual(['update acme_cluster.main']);
  });

  test('a destroy is refused as often as asked', async () => {
    await start(network({}), [{ kind: 'refuse-destroy', type: 'acme_network', times: 1 }]);
    await folder.apply();
    const refused = await folder.terraform('destroy', '-auto-approve');
    expect(refused.ok).toBe(false);
    expect(refused.stderr).toContain('is protected against deletion');
    expect(Object.keys(await folder.state())).toEqual(['acme_network.one']);
    await folder.destroy();
    expect(await folder.state()).toEqual({});
  });

  test('a change forces a replacement, of what depends on it only an update', async () => {
    const config = (cidr: string): Record<string, unknown> => ({
      resource: {
        acme_network: { one: { name: 'one', cidr } },
        acme_cluster: { main: { name: 'main', network: '${acme_network.one.id}' } },
      },
    });
    await start(config('10.0.0.0/16'), [
      { kind: 'replace-on-change', type: 'acme_network', attribute: 'cidr' },
    ]);
    await folder.apply();
    folder.write(config('10.1.0.0/16'));
    expect((await folder.changes()).sort()).toEqual([
      'delete+create acme_network.one',
      'update acme_cluster.main',
    ]);
    await folder.apply();
    expect(await folder.changes()).toEqual([]);
    const state = await folder.state();
    expect(state['acme_cluster.main']!['network']).toBe(state['acme_network.one']!['id']);
  });
});

test('a change inside a block forces a replacement, a change beside it does not', async () => {
  const config = (user: string, zones: readonly string[]): Record<string, unknown> => ({
    resource: { acme_cluster: { main: { name: 'main', zones, access: { user } } } },
  });
  await start(config('ann', ['a']), [
    { kind: 'replace-on-change', type: 'acme_cluster', attribute: 'access.user' },
  ]);
  await folder.apply();
  folder.write(config('ann', ['a', 'b']));
  expect(await folder.changes()).toEqual(['update acme_cluster.main']);
  folder.write(config('bob', ['a']));
  expect(await folder.changes()).toEqual(['delete+create acme_cluster.main']);
});

test('what is random or a key is made anew when it is asked for differently, and stays otherwise', async () => {
  const schemas = readSchemas(
    [
      { source: 'registry.terraform.io/hashicorp/random', resources: ['random_password'], dataSources: [] },
      { source: 'registry.terraform.io/hashicorp/null', resources: ['null_resource'], dataSources: [] },
    ],
    { from: __dirname, cacheDir: __dirname },
  );
  folder = await RehearsedFolder.start(schemas);
  const config = (length: number, trigger: string): Record<string, unknown> => ({
    resource: {
      random_password: { one: { length }, two: { length: 20 } },
      null_resource: { it: { triggers: { on: trigger } } },
    },
  });
  folder.write(config(8, 'a'));
  await folder.init();
  await folder.apply();
  const before = await folder.state();
  folder.write(config(10, 'b'));
  expect((await folder.changes()).sort()).toEqual([
    'delete+create null_resource.it',
    'delete+create random_password.one',
  ]);
  await folder.apply();
  const after = await folder.state();
  expect(after['random_password.one']!['result']).toHaveLength(10);
  expect(after['random_password.two']).toEqual(before['random_password.two']);
});

describe('serving', () => {
  test('two Terraforms at once use one server', async () => {
    await start(network({}));
    const plans = await Promise.all(
      [1, 2, 3].map((n) => folder.must('plan', '-lock=false', `-out=plan${n}`)),
    );
    for (const plan of plans) expect(plan).toContain('1 to add');
  });

  test('who breaks off, or speaks something else, disturbs nobody', async () => {
    await start(network({}));
    const socket = connect(join(folder.base, '0.sock'));
    await once(socket, 'connect');
    socket.write('GET / HTTP/1.1\r\n\r\n');
    const killed = spawn('terraform', ['apply', '-auto-approve'], {
      cwd: join(folder.base, 'work'),
      env: { ...process.env, TF_REATTACH_PROVIDERS: folder.servers.reattach },
      stdio: 'ignore',
    });
    // Killed as soon as it has asked for something.
    while (folder.servers.calls.length === 0 && killed.exitCode === null) await sleep(5);
    expect(killed.exitCode).toBeNull();
    killed.kill('SIGKILL');
    await once(killed, 'exit');
    socket.destroy();
    await folder.must('plan', '-lock=false');
  });

  test('each configuration of a provider is its own', async () => {
    const north = { provider: { acme: [{ region: 'north' }, { alias: 'south', region: 'south' }] } };
    const place = { provider: 'acme.south', name: 'two' };
    await start({ ...north, resource: { acme_place: { one: { name: 'one' }, two: place } } });
    await folder.apply();
    const state = await folder.state();
    expect(state['acme_place.one']!['region']).toBe('north');
    expect(state['acme_place.two']!['region']).toBe('south');
  });

  test('no socket is left, also of a start that failed', async () => {
    await start(network({}));
    expect(readdirSync(folder.base)).toContain('0.sock');
    await folder.servers.stop();
    expect(readdirSync(folder.base)).not.toContain('0.sock');
    await expect(serveProviders([acme], { socketDir: `/tmp/${'long/'.repeat(30)}` })).rejects.toThrow(
      /The path of the socket .* is too long[\s\S]*TMPDIR/,
    );
  });
});
