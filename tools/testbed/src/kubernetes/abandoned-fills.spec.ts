import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newFillFolder, removeAbandonedFills } from './abandoned-fills';

const onLinux = process.platform === 'linux' ? describe : describe.skip;

onLinux('removeAbandonedFills', () => {
  let cache: string;
  const before = process.env.XDG_CACHE_HOME;

  beforeEach(() => {
    process.env.XDG_CACHE_HOME = mkdtempSync(join(tmpdir(), 'mlterra-testbed-spec-'));
    cache = join(process.env.XDG_CACHE_HOME, 'mlterra', 'testbed');
    mkdirSync(cache, { recursive: true });
  });

  afterEach(() => {
    rmSync(process.env.XDG_CACHE_HOME!, { recursive: true });
    if (before === undefined) delete process.env.XDG_CACHE_HOME;
    else process.env.XDG_CACHE_HOME = before;
  });

  function folder(name: string, owner?: number): string {
    const path = join(cache, name);
    mkdirSync(path);
    if (owner !== undefined) writeFileSync(join(path, 'owner'), String(owner));
    return path;
  }

  it('removes what a process that has ended has left, and nothing else', () => {
    const ended = spawnSync(process.execPath, ['--version']).pid;
    const left = folder('cluster-images-abcdef', ended);
    const own = newFillFolder();
    const fresh = folder('cluster-images-ghijkl');
    const unnoted = folder('cluster-images-mnopqr');
    utimesSync(unnoted, 1, 1);
    const images = folder('cluster-images');
    removeAbandonedFills();
    expect([left, own, fresh, unnoted, images].map((path) => existsSync(path))).toEqual([
      false,
      true,
      true,
      false,
      true,
    ]);
  });
});
