import { appendFileSync, mkdtempSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { linesSince } from './log-tail';
import type { Start } from './starts';

let folder: string;
let log: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mlterra-log-'));
  log = join(folder, 'server.log');
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A start at the end of the log as it is. */
function startNow(): Start {
  const { ino, size } = statSync(log);
  return { version: 'a', time: 0, log: { inode: ino, bytes: size } };
}

it('shows the lines since a start', () => {
  writeFileSync(log, 'before\n');
  const start = startNow();
  expect(linesSince(log, start)).toBe('');
  appendFileSync(log, 'one\ntwo\n');
  expect(linesSince(log, start)).toBe('one\ntwo');
});

it('follows a log that was rotated twice, and stops at the one of the start', () => {
  writeFileSync(`${log}.1`, 'long before\n');
  writeFileSync(log, 'before\n');
  const start = startNow();
  appendFileSync(log, 'one\n');
  for (const [from, to] of [
    ['.1', '.2'],
    ['', '.1'],
  ] as const)
    renameSync(log + from, log + to);
  writeFileSync(log, 'two\n');
  expect(linesSince(log, start)).toBe('one\ntwo');
  for (const [from, to] of [
    ['.2', '.3'],
    ['.1', '.2'],
    ['', '.1'],
  ] as const)
    renameSync(log + from, log + to);
  writeFileSync(log, 'three\n');
  expect(linesSince(log, start)).toBe('one\ntwo\nthree');
});

it('shows the last lines of many', () => {
  writeFileSync(log, 'before\n');
  const start = startNow();
  appendFileSync(log, Array.from({ length: 5000 }, (_, index) => `line ${index}\n`).join(''));
  const lines = linesSince(log, start).split('\n');
  expect(lines).toHaveLength(15);
  expect(lines.at(-1)).toBe('line 4999');
});

it('has nothing to show without a log', () => {
  expect(linesSince(log, { version: 'a', time: 0, log: { inode: 1, bytes: 0 } })).toBe('');
});
