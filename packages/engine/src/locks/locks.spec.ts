import { spawn, type ChildProcess } from 'node:child_process';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { breakLock, lockHolder, tryLock, withFileLock, type Holder } from './file-lock';
import { slotLimit, withSlot } from './process-slots';
import { processStart } from './process-start';
import { acquireRunLock } from './run-lock';

const DIST = path.resolve(__dirname, '../../dist/locks');

describe('locks', () => {
  const dir = mkdtempSync(path.join(tmpdir(), 'mlterra-locks-'));
  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  const node = (script: string, errors: 'inherit' | 'pipe' = 'inherit'): ChildProcess =>
    spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', errors] });
  const holdForever = async (file: string): Promise<ChildProcess> => {
    const child = node(
      `require(${JSON.stringify(`${DIST}/file-lock`)}).tryLock(${JSON.stringify(file)}, 'apply'); console.log('held'); setInterval(() => {}, 1000);`,
    );
    await new Promise((resolve) => child.stdout!.once('data', resolve));
    return child;
  };
  const ended = (child: ChildProcess): Promise<void> =>
    new Promise((resolve) => child.once('exit', () => resolve()));

  it('tells who holds a lock, and frees it on release', () => {
    const file = path.join(dir, 'one');
    const release = tryLock(file, 'apply') as () => void;
    expect(tryLock(file, 'plan')).toMatchObject({ pid: process.pid, command: 'apply' });
    release();
    expect(existsSync(file)).toBe(false);
    (tryLock(file, 'plan') as () => void)();
  });

  it('takes over the lock of a process that was killed, and leaves nothing behind', async () => {
    const file = path.join(dir, 'killed', 'lock');
    const child = await holdForever(file);
    expect(tryLock(file, 'plan')).toMatchObject({ pid: child.pid });
    child.kill('SIGKILL');
    await ended(child);
    (tryLock(file, 'plan') as () => void)();
    expect(readdirSync(path.dirname(file))).toEqual([]);
  });

  it('removes what processes left that were killed while they took it, and nothing else', async () => {
    const file = path.join(dir, 'leftovers', 'run.lock');
    const child = await holdForever(path.join(dir, 'leftovers', 'other'));
    const holder = readFileSync(path.join(dir, 'leftovers', 'other'), 'utf8');
    const beside = (name: string, content: string, isOld = false): string => {
      writeFileSync(`${file}.${name}`, content);
      const seconds = Date.now() / 1000 - (isOld ? 3_600 : 0);
      utimesSync(`${file}.${name}`, seconds, seconds);
      return `${file}.${name}`;
    };
    const dead = JSON.stringify({ ...(JSON.parse(holder) as Holder), started: 'long ago' });
    const gone = [
      beside('1.0123abcd', dead),
      beside('2.0123abcd', '', true),
      beside('3.0123abcd.dead', dead, true),
    ];
    const kept = [
      beside('4.0123abcd', holder, true),
      beside('5.0123abcd', ''),
      beside('6.0123abcd.dead', dead),
      beside('notes', dead, true),
    ];
    (tryLock(file, 'plan') as () => void)();
    expect(gone.filter((name) => existsSync(name))).toEqual([]);
    expect(kept.filter((name) => !existsSync(name))).toEqual([]);
    child.kill('SIGKILL');
    await ended(child);
  });

  it('frees only its own lock', () => {
    const file = path.join(dir, 'stolen');
    const release = tryLock(file, 'apply') as () => void;
    rmSync(file);
    const release2 = tryLock(file, 'plan') as () => void;
    release();
    expect(lockHolder(file)).toMatchObject({ command: 'plan' });
    release2();
    expect(lockHolder(file)).toBeUndefined();
  });

  it('breaks the lock that was seen, and no other one', () => {
    const file = path.join(dir, 'broken');
    const release = tryLock(file, 'apply') as () => void;
    const seen = lockHolder(file)!;
    expect(breakLock(file, { ...seen, since: 'yesterday' })).toBe(false);
    expect(existsSync(file)).toBe(true);
    expect(breakLock(file, seen)).toBe(true);
    expect(breakLock(file, seen)).toBe(false);
    release();
    expect(readdirSync(dir).filter((name) => name.startsWith('broken'))).toEqual([]);
  });

  describe('of a process of another machine or container', () => {
    const locked = (name: string, change: object): string => {
      const file = path.join(dir, name, '.mlterra', 'run.lock');
      const release = tryLock(file, 'apply') as () => void;
      const holder = lockHolder(file)!;
      release();
      // A process id that nobody has here.
      writeFileSync(
        file,
        JSON.stringify({ ...holder, pid: 4_194_304, place: { ...holder.place, ...change } }),
      );
      return file;
    };
    const elsewhere: [string, object][] = [
      ['machine', { host: 'other', machine: 'x', boot: 'x' }],
      ['container', { host: 'other', namespace: 'pid:[1]' }],
      ['container without a machine id', { boot: 'x', machine: undefined }],
    ];

    it.each(elsewhere)('(%s) the lock of a run is held', async (name, place) => {
      const file = locked(`held ${name}`, place);
      await expect(
        acquireRunLock(path.resolve(file, '../..'), { command: 'plan', waitSeconds: 0 }),
      ).rejects.toMatchObject({
        code: 'run-busy',
      });
      expect(existsSync(file)).toBe(true);
    });

    it.each(elsewhere)('(%s) a lock that everybody waits for is taken', (name, place) => {
      expect(typeof tryLock(locked(`taken ${name}`, place), 'plan')).toBe('function');
    });

    it('the lock of a run from before a restart of this machine is taken', async () => {
      const file = locked('restarted', { boot: 'x' });
      (await acquireRunLock(path.resolve(file, '../..'), { command: 'plan', waitSeconds: 0 }))();
      expect(existsSync(file)).toBe(false);
    });
  });

  it('takes over a lock whose process id belongs to another process now', () => {
    const file = path.join(dir, 'reused');
    writeFileSync(file, JSON.stringify({ pid: process.pid, started: 'long ago', command: 'x', since: '' }));
    expect(typeof tryLock(file, 'plan')).toBe('function');
  });

  it('takes over a lock file that says nothing', () => {
    const file = path.join(dir, 'empty');
    writeFileSync(file, '');
    expect(typeof tryLock(file, 'plan')).toBe('function');
  });

  it('lets one of ten in at a time, a dead lock being there at the start', async () => {
    const file = path.join(dir, 'ten');
    const log = path.join(dir, 'ten.log');
    writeFileSync(file, JSON.stringify({ pid: 4194304, started: 'never', command: 'x', since: '' }));
    const script = `
      const { appendFileSync } = require('node:fs');
      const { withFileLock } = require(${JSON.stringify(`${DIST}/file-lock`)});
      withFileLock(${JSON.stringify(file)}, async () => {
        appendFileSync(${JSON.stringify(log)}, 'in ');
        await new Promise((resolve) => setTimeout(resolve, 20));
        appendFileSync(${JSON.stringify(log)}, 'out ');
      });`;
    await Promise.all(Array.from({ length: 10 }, () => ended(node(script))));
    expect(readFileSync(log, 'utf8')).toBe('in out '.repeat(10));
  });

  it('says which run has the environment', async () => {
    const child = await holdForever(path.join(dir, 'env', '.mlterra', 'run.lock'));
    await expect(acquireRunLock(path.join(dir, 'env'), { command: 'plan', waitSeconds: 0 })).rejects.toThrow(
      new RegExp(`Another run has .*env: apply, process ${child.pid}, since `),
    );
    const waiting = acquireRunLock(path.join(dir, 'env'), { command: 'plan', waitSeconds: 30 });
    child.kill('SIGKILL');
    (await waiting)();
  });

  it('never runs more than the limit, over several callers', async () => {
    let running = 0;
    let most = 0;
    const work = async (): Promise<void> => {
      most = Math.max(most, ++running);
      await sleep(10);
      running--;
    };
    await Promise.all(
      Array.from({ length: 12 }, () => withSlot({ workspaceRoot: dir, parallelism: 3 }, work)),
    );
    expect(most).toBe(3);
  });

  it('says whom it waits for', async () => {
    const root = path.join(dir, 'busy');
    const holders = await Promise.all(
      [0, 1].map((slot) => holdForever(path.join(root, '.mlterra', 'slots', `${slot}.lock`))),
    );
    const script = `
      const { withSlot } = require(${JSON.stringify(`${DIST}/process-slots`)});
      const tell = (text) => process.stdout.write(text + '\\n');
      withSlot({ workspaceRoot: ${JSON.stringify(root)}, parallelism: 2 }, async () => {}, { what: 'x', tell });`;
    const waiting = node(script, 'pipe');
    const told = await new Promise<string>((resolve) =>
      waiting.stdout!.once('data', (chunk) => resolve(String(chunk))),
    );
    for (const { pid } of holders) expect(told).toContain(`apply (process ${pid})`);
    waiting.kill('SIGKILL');
    holders.forEach((child) => child.kill('SIGKILL'));
  });

  it('limits engine processes to what is asked for, at least two', () => {
    expect(slotLimit({ parallelism: 7 })).toBe(7);
    expect(slotLimit({})).toBeGreaterThanOrEqual(2);
  });

  it('knows whether a process is there', async () => {
    const child = node('setInterval(() => {}, 1000)');
    expect(processStart(child.pid!)).toBe(processStart(child.pid!));
    child.kill('SIGKILL');
    await ended(child);
    expect(processStart(child.pid!)).toBeUndefined();
  });

  it('releases when the work fails', async () => {
    const file = path.join(dir, 'failing');
    await expect(withFileLock(file, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(existsSync(file)).toBe(false);
  });
});
