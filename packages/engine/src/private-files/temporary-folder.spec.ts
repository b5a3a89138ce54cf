import { spawn, spawnSync } from 'node:child_process';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { temporaryFolder } from './temporary-folder';

const DIST = path.resolve(__dirname, '../../dist/private-files/temporary-folder');

describe('temporary folders', () => {
  let parent: string;
  beforeEach(() => (parent = mkdtempSync(path.join(tmpdir(), 'mlterra-temporary-'))));
  afterEach(() => rmSync(parent, { recursive: true, force: true }));

  const script = (prefix: string, after: string): string =>
    `console.log(require(${JSON.stringify(DIST)}).temporaryFolder(${JSON.stringify(prefix)}, ${JSON.stringify(parent)})); ${after}`;
  /** Left by a process that was killed. */
  const left = (prefix: string): string => {
    const code = script(prefix, "process.kill(process.pid, 'SIGKILL')");
    const { stdout } = spawnSync(process.execPath, ['-e', code], { encoding: 'utf8' });
    const folder = stdout.trim();
    writeFileSync(path.join(folder, 'secret'), '');
    return folder;
  };
  const old = (folder: string): string => {
    const yesterday = Date.now() / 1000 - 86_400;
    utimesSync(folder, yesterday, yesterday);
    return folder;
  };

  it('are their owner’s alone', () => {
    expect(lstatSync(temporaryFolder('synth-', parent)).mode & 0o777).toBe(0o700);
  });

  it('of killed processes are removed by the next one, and no others', () => {
    const dead = [left('synth-'), left('synth-')];
    const others = [
      left('synthetic-'),
      left('state-'),
      path.join(parent, 'synth-notes'),
      path.join(parent, 'synth-1-2-3'),
    ];
    for (const folder of others) mkdirSync(folder, { recursive: true });
    const mine = temporaryFolder('synth-', parent);
    const second = temporaryFolder('synth-', parent);
    expect(dead.filter((folder) => existsSync(folder))).toEqual([]);
    for (const folder of [mine, second, ...others]) expect(existsSync(folder)).toBe(true);
  });

  it('of living processes stay, however old they are', async () => {
    const child = spawn(process.execPath, ['-e', script('synth-', 'setInterval(() => {}, 1000)')], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    try {
      const folder = await new Promise<string>((resolve) =>
        child.stdout.once('data', (data) => resolve(String(data).trim())),
      );
      old(folder);
      temporaryFolder('synth-', parent);
      expect(existsSync(folder)).toBe(true);
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      await ended;
      temporaryFolder('synth-', parent);
      expect(existsSync(folder)).toBe(false);
    } finally {
      child.kill('SIGKILL');
    }
  });

  it('of an unknown process are removed when they are old', () => {
    const fresh = ['synth-aBc123', `synth-${process.pid}-00000000-11111111-aBc123`].map((name) =>
      path.join(parent, name),
    );
    for (const folder of fresh) mkdirSync(folder);
    temporaryFolder('synth-', parent);
    expect(fresh.every((folder) => existsSync(folder))).toBe(true);
    fresh.forEach(old);
    temporaryFolder('synth-', parent);
    expect(fresh.filter((folder) => existsSync(folder))).toEqual([]);
  });

  it('are not followed where they are links', () => {
    const target = path.join(parent, 'target');
    mkdirSync(target);
    writeFileSync(path.join(target, 'file'), '');
    const name = path.basename(left('synth-'));
    rmSync(path.join(parent, name), { recursive: true });
    symlinkSync(target, path.join(parent, name));
    temporaryFolder('synth-', parent);
    expect(readdirSync(target)).toEqual(['file']);
  });
});
