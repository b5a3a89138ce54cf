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
import { breakLock, lockHolder, lockWithin, tryLock, withFileLock, type Holder } from './file-lock';
import { ownMark } from './process-place';

let dir: string;
let file: string;
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'mlterra-lock-'));
  file = path.join(dir, 'deep', 'a.lock');
});
afterEach(() => rmSync(dir, { recursive: true }));

const mine = (changes: Partial<Holder> = {}): Holder => ({
  ...ownMark(),
  command: 'apply',
  since: '2026-01-01T00:00:00Z',
  id: 'x',
  ...changes,
});
const dead = (changes: Partial<Holder> = {}): Holder => mine({ started: 'never', ...changes });
const elsewhere = (): Holder => mine({ place: { host: 'other', machine: 'm', boot: 'b', namespace: 'n' } });
const put = (holder: unknown): void => {
  const release = tryLock(file, 'first');
  if (typeof release === 'function') release();
  writeFileSync(file, typeof holder === 'string' ? holder : JSON.stringify(holder));
};
const names = (): string[] => readdirSync(path.dirname(file));
const isTaken = (answer: ReturnType<typeof tryLock>): answer is () => void => typeof answer === 'function';

it('is held until it is released, and says by whom', () => {
  const release = tryLock(file, 'apply');
  expect(isTaken(release)).toBe(true);
  expect(tryLock(file, 'plan')).toMatchObject({
    pid: process.pid,
    command: 'apply',
    since: expect.stringMatching(/^\d{4}-.*Z$/),
  });
  expect(lockHolder(file)).toMatchObject({ command: 'apply' });
  expect(names()).toEqual(['a.lock']);
  (release as () => void)();
  expect(names()).toEqual([]);
  expect(lockHolder(file)).toBeUndefined();
});

it('of a dead process is taken over', () => {
  put(dead());
  expect(isTaken(tryLock(file, 'apply'))).toBe(true);
  expect(lockHolder(file)).toMatchObject({ pid: process.pid });
  expect(names()).toEqual(['a.lock']);
});

it('of a process elsewhere is held where that is asked for, and taken otherwise', () => {
  put(elsewhere());
  expect(tryLock(file, 'apply', { elsewhere: 'held' })).toMatchObject({ place: { host: 'other' } });
  expect(isTaken(tryLock(file, 'apply'))).toBe(true);
});

it.each([
  ['', 'emptied'],
  ['{"pid":1', 'cut off'],
  ['null', 'nothing'],
  ['"text"', 'a text'],
  [JSON.stringify({ pid: 'x', started: '', command: '', since: '' }), 'of another form'],
  [JSON.stringify({ pid: 1, started: '', command: '', since: 1 }), 'of another form, too'],
  [
    JSON.stringify({ pid: process.pid, started: ownMark().started, command: '', since: '', place: 'here' }),
    'without a place',
  ],
  [
    JSON.stringify({ pid: process.pid, started: ownMark().started, command: '', since: '', place: null }),
    'with no place',
  ],
])('with the text %j (%s) is nobody’s', (text) => {
  put(text);
  expect(lockHolder(file)).toBeUndefined();
  expect(isTaken(tryLock(file, 'apply'))).toBe(true);
});

it('of a form without a place is of this machine', () => {
  const { place: _, ...holder } = mine();
  put(holder);
  expect(tryLock(file, 'apply')).toMatchObject({ id: 'x' });
});

it('that was freed by force and taken again is not released by the first', () => {
  const first = tryLock(file, 'first') as () => void;
  expect(breakLock(file, lockHolder(file)!)).toBe(true);
  const second = tryLock(file, 'second');
  expect(isTaken(second)).toBe(true);
  first();
  expect(lockHolder(file)).toMatchObject({ command: 'second' });
});

it('is not freed by force where it changed hands', () => {
  expect(breakLock(file, mine())).toBe(false);
  put(mine({ id: 'new' }));
  expect(breakLock(file, mine({ id: 'old' }))).toBe(false);
  expect(existsSync(file)).toBe(true);
  expect(breakLock(file, mine({ id: 'new' }))).toBe(true);
  expect(names()).toEqual([]);
});

it('sweeps what killed processes left of taking it, and nothing else', () => {
  put(dead());
  const own = (name: string, content: unknown, age = 0): void => {
    const leftover = path.join(path.dirname(file), name);
    writeFileSync(leftover, typeof content === 'string' ? content : JSON.stringify(content));
    const then = Date.now() / 1000 - age;
    utimesSync(leftover, then, then);
  };
  own('a.lock.1.0123abcd', dead());
  own('a.lock.2.0123abcd', mine());
  own('a.lock.3.0123abcd', elsewhere());
  own('a.lock.4.0123abcd', 'half', 120);
  own('a.lock.5.0123abcd', 'half');
  own('a.lock.6.0123abcd.dead', mine(), 120);
  own('a.lock.7.0123abcd.dead', mine());
  own('a.lock.8.0123abc', dead(), 120);
  own('a.lock.note', dead(), 120);
  own('b.lock.1.0123abcd', dead(), 120);
  tryLock(file, 'apply');
  expect(names().sort()).toEqual([
    'a.lock',
    'a.lock.2.0123abcd',
    'a.lock.3.0123abcd',
    'a.lock.5.0123abcd',
    'a.lock.7.0123abcd.dead',
    'a.lock.8.0123abc',
    'a.lock.note',
    'b.lock.1.0123abcd',
  ]);
});

describe('waiting', () => {
  it('takes it when it becomes free', async () => {
    const release = tryLock(file, 'first') as () => void;
    setTimeout(release, 120);
    expect(isTaken(await lockWithin(file, 'second', 30))).toBe(true);
    expect(lockHolder(file)).toMatchObject({ command: 'second' });
  });

  it('ends with who holds it', async () => {
    tryLock(file, 'first');
    expect(await lockWithin(file, 'second', 0)).toMatchObject({ command: 'first' });
    expect(await lockWithin(file, 'second', 0.1, { elsewhere: 'held' })).toMatchObject({ command: 'first' });
  });

  it('is one after the other, and a failure frees it', async () => {
    const order: string[] = [];
    const work = (name: string) => async (): Promise<void> => {
      order.push(`${name} begins`);
      await new Promise((done) => setTimeout(done, 20));
      order.push(`${name} ends`);
      if (name === 'a') throw new Error('a failed');
    };
    const [a] = await Promise.allSettled([withFileLock(file, work('a')), withFileLock(file, work('b'))]);
    expect(a).toMatchObject({ status: 'rejected' });
    expect(order).toEqual(['a begins', 'a ends', 'b begins', 'b ends']);
    expect(names()).toEqual([]);
    expect(await withFileLock(file, () => Promise.resolve(7))).toBe(7);
    expect(
      readdirSync(path.dirname(file)).map((name) =>
        readFileSync(path.join(path.dirname(file), name), 'utf8'),
      ),
    ).toEqual([]);
  });
});
