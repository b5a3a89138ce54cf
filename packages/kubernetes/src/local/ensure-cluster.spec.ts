import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ClusterMaker } from './cluster-maker';
import { ClusterRecords } from './cluster-record';
import type { MadeCluster } from './desired-cluster';
import { ensureCluster } from './ensure-cluster';
import { localClusterHooks } from './local-cluster-hooks';

const stackKey = { environment: 'demo', stage: 'dev', stack: 'cluster' };
const kubeconfig = { kubeconfig: '/nowhere/config', context: 'demo' };
const wanted: MadeCluster = { name: 'demo', ports: [], settings: { image: 'one' } };

/** A tool that keeps its clusters in memory. */
class Tool implements ClusterMaker {
  public readonly tool = 'tool';
  public readonly clusters = new Set<string>();
  public readonly done: string[] = [];
  public fails = false;

  public constructor(public readonly changes = false) {}

  public removal = (name: string): string => `tool delete ${name}`;
  public check = (): Promise<void> => Promise.resolve();
  public exists = (name: string): Promise<boolean> => Promise.resolve(this.clusters.has(name));
  public make({ name, settings }: MadeCluster): Promise<void> {
    this.done.push(`make ${name} ${JSON.stringify(settings)}`);
    this.clusters.add(name);
    return this.fails ? Promise.reject(new Error('no space left')) : Promise.resolve();
  }
  public start({ name }: MadeCluster): Promise<void> {
    this.done.push(`start ${name}`);
    return Promise.resolve();
  }
  public remove({ name }: MadeCluster): Promise<void> {
    this.done.push(`remove ${name}`);
    this.clusters.delete(name);
    return Promise.resolve();
  }
}

describe('a cluster that a tool makes', () => {
  let environmentDir: string;
  beforeEach(() => (environmentDir = mkdtempSync(join(tmpdir(), 'mlterra-cluster-'))));
  afterEach(() => rmSync(environmentDir, { recursive: true }));

  const ensure = (tool: Tool, cluster = wanted): Promise<void> =>
    ensureCluster(tool, { environmentDir, stackKey, cluster, kubeconfig });
  const release = (tool: Tool, purge: boolean) =>
    localClusterHooks(tool).release!({
      ...stackKey,
      environmentDir,
      purge,
      data: { ...kubeconfig, storageClass: '', make: wanted },
    });

  it('is made once, and started afterwards', async () => {
    const tool = new Tool();
    await ensure(tool);
    await ensure(tool);
    expect(tool.done).toEqual(['make demo {"image":"one"}', 'start demo']);
  });

  it('is refused when somebody else has made it', async () => {
    const tool = new Tool();
    tool.clusters.add('demo');
    await expect(ensure(tool)).rejects.toThrow(
      /already is a tool cluster "demo"[^]*fromExisting[^]*tool delete demo/,
    );
    expect(tool.done).toEqual([]);
  });

  it('is refused when the tool would have to change it, with what differs', async () => {
    const tool = new Tool();
    await ensure(tool);
    await expect(ensure(tool, { ...wanted, settings: { image: 'two' } })).rejects.toThrow(
      /cannot change it:\n +image: "one", wanted "two"/,
    );
    expect(tool.done).toHaveLength(1);
  });

  it('is changed where the tool can', async () => {
    const tool = new Tool(true);
    await ensure(tool);
    await ensure(tool, { ...wanted, settings: { image: 'two' } });
    await ensure(tool, { ...wanted, settings: { image: 'two' } });
    expect(tool.done).toEqual(['make demo {"image":"one"}', 'make demo {"image":"two"}', 'start demo']);
  });

  it('says all that differs, and nothing else', async () => {
    const tool = new Tool();
    await ensure(tool, { name: 'demo', ports: [], settings: { image: 'one', disk: 1, same: [1] } });
    const now = { name: 'demo', ports: [1], settings: { image: 'two', nodes: 2, same: [1] } };
    await expect(ensure(tool, now)).rejects.toThrow(
      /cannot change it:\n +ports: \[\], wanted \[1\]\n +image: "one", wanted "two"\n +disk: 1, wanted undefined\n +nodes: undefined, wanted 2(\n|$)/,
    );
  });

  it('stays as it was when its change fails, and is changed by the next run', async () => {
    const tool = new Tool(true);
    await ensure(tool);
    tool.fails = true;
    const changed = { ...wanted, settings: { image: 'two' } };
    await expect(ensure(tool, changed)).rejects.toThrow('no space left');
    expect(tool.clusters.size).toBe(1);
    tool.fails = false;
    await ensure(tool, changed);
    expect(tool.done.filter((step) => step.startsWith('remove'))).toEqual([]);
    expect(tool.done.at(-1)).toBe('make demo {"image":"two"}');
  });

  it('is made again when it was removed by hand', async () => {
    const tool = new Tool();
    await ensure(tool);
    tool.clusters.clear();
    await ensure(tool);
    expect(tool.done).toEqual(Array(2).fill('make demo {"image":"one"}'));
  });

  it('is one of several of the environment, each of its stage and tool', async () => {
    const tool = new Tool();
    const records = new ClusterRecords(environmentDir, 'tool');
    const record = { cluster: wanted, complete: true };
    records.write({ ...record, stage: 'dev', stack: 'one' });
    records.write({ cluster: { ...wanted, name: 'b' }, complete: false, stage: 'dev', stack: 'two' });
    records.write({ cluster: { ...wanted, name: 'c' }, complete: true, stage: 'prod', stack: 'three' });
    new ClusterRecords(environmentDir, 'other').write({ ...record, stage: 'dev', stack: 'four' });
    const inventory = (stage: string) =>
      localClusterHooks(tool).inventory!({ ...stackKey, stage, environmentDir, data: {} });
    expect([await inventory('dev'), await inventory('prod'), await inventory('test')]).toEqual([
      ['two', 'one'],
      ['three'],
      [],
    ]);
    records.remove('b');
    expect(await inventory('dev')).toEqual(['one']);
    expect(records.read('b')).toBeUndefined();
  });

  it('that was never made to the end has no volumes that would be kept', async () => {
    const tool = new Tool();
    tool.clusters.add('demo');
    const record = { cluster: wanted, stage: 'dev', stack: 'cluster', complete: false };
    new ClusterRecords(environmentDir, 'tool').write(record);
    expect(await release(tool, false)).toEqual({ released: ['tool cluster demo'], kept: [], left: [] });
  });

  it('is left, and found again, where the tool does not remove it', async () => {
    const tool = new Tool();
    await ensure(tool);
    tool.remove = () => Promise.resolve();
    expect(await release(tool, true)).toEqual({
      released: [],
      kept: [],
      left: ['tool cluster demo (tool delete demo)'],
    });
    expect(new ClusterRecords(environmentDir, 'tool').all()).toHaveLength(1);
  });

  it('is removed when its making fails, and can be made again', async () => {
    const tool = new Tool();
    tool.fails = true;
    await expect(ensure(tool)).rejects.toThrow('no space left');
    expect(tool.clusters.size).toBe(0);
    tool.fails = false;
    await ensure(tool);
    expect(tool.clusters.size).toBe(1);
  });

  it('is made anew after a run that was killed while it was made', async () => {
    const tool = new Tool();
    const record = { cluster: wanted, stage: 'dev', stack: 'cluster', complete: false };
    new ClusterRecords(environmentDir, 'tool').write(record);
    tool.clusters.add('demo');
    await ensure(tool);
    expect(tool.done).toEqual(['remove demo', 'make demo {"image":"one"}']);
  });

  describe('with a port that is taken', () => {
    let server: Server;
    beforeEach(async () => {
      server = createServer();
      await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    });
    afterEach(() => void server.close());

    it('is not begun', async () => {
      const tool = new Tool();
      const { port } = server.address() as AddressInfo;
      await expect(ensure(tool, { ...wanted, ports: [port] })).rejects.toThrow(
        new RegExp(`Port ${port} of this machine[^]*is in use`),
      );
      expect(tool.done).toEqual([]);
    });
  });

  it('is kept by a destroy when nobody knows what is on it, and removed by a purge', async () => {
    const tool = new Tool();
    await ensure(tool);
    const kept = await release(tool, false);
    expect(kept).toMatchObject({ released: [], left: [] });
    expect(kept.kept).toEqual([expect.stringContaining('tool cluster demo with whatever volumes it has')]);
    expect(await localClusterHooks(tool).inventory!({ ...stackKey, environmentDir, data: {} })).toEqual([
      'cluster',
    ]);
    expect(await release(tool, true)).toEqual({ released: ['tool cluster demo'], kept: [], left: [] });
    expect(await release(tool, true)).toEqual({ released: [], kept: [], left: [] });
  });

  it('is none of its business when somebody else has made it', async () => {
    const tool = new Tool();
    tool.clusters.add('demo');
    expect(await release(tool, true)).toEqual({ released: [], kept: [], left: [] });
    expect(tool.clusters.size).toBe(1);
  });
});
