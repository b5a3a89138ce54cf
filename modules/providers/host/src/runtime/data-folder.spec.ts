import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isRoot } from './account';
import { DataFolder } from './data-folder';

describe('the data folder', () => {
  const environmentDir = realpathSync(mkdtempSync(join(tmpdir(), 'mlterra-folder-')));
  afterAll(() => rmSync(environmentDir, { recursive: true }));

  it('is where MLTERRA_DATA_DIR says, seen from the environment', () => {
    expect(DataFolder.of(environmentDir, 'demo', { MLTERRA_DATA_DIR: '/srv/mlterra' }).root).toBe(
      '/srv/mlterra/demo',
    );
    expect(DataFolder.of(environmentDir, 'demo', { MLTERRA_DATA_DIR: 'here' }).root).toBe(
      join(environmentDir, 'here/demo'),
    );
  });

  it('is with the environment, or for root among the data of the system', () => {
    const { root } = DataFolder.of(environmentDir, 'demo', {});
    if (isRoot()) expect(root).toMatch(/^\/var\/lib\/mlterra\/[0-9a-f]{8}\/demo$/);
    else expect(root).toBe(join(environmentDir, '.mlterra/host/demo'));
  });

  it('refuses paths that configuration files and scripts would read otherwise', () => {
    for (const root of ['/data/a b', '/data/a;b', '/data/%(x)s', '/data/[x]', "/data/it's"]) {
      expect(() => new DataFolder(root, 'demo')).toThrow(
        `The data folder ${root} cannot be used: its path has other characters than`,
      );
    }
    expect(new DataFolder('/data/Müller_1.0@x', 'demo').root).toBe('/data/Müller_1.0@x');
  });

  it('refuses references that lead out of it', () => {
    expect(() => new DataFolder('/data/demo', 'demo').absolute('../other/secret')).toThrow(
      'The data folder /data/demo cannot be used: ../other/secret lies outside of it.',
    );
  });

  it('keeps its socket short, whatever its own path is', () => {
    expect(new DataFolder('/data/demo', 'demo').socket).toBe('/data/demo/supervisor/supervisor.sock');
    const long = new DataFolder(`/data/${'x'.repeat(120)}`, 'demo');
    expect(long.socket).toMatch(/^\/tmp\/mlterra-[0-9a-f]{8}\/supervisor\.sock$/);
  });
});
