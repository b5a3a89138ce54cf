import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { lockHolder, tryLock } from './file-lock';

const folder = mkdtempSync(path.join(tmpdir(), 'mlterra-foreign-lock-'));
afterAll(() => rmSync(folder, { recursive: true }));

it.each([
  '',
  '{',
  'null',
  '{}',
  '[]',
  '7',
  '"x"',
  '{"pid":"a","started":"x","command":"apply","since":"then"}',
  '{"pid":1,"started":"x","command":"apply"}',
  '{"pid":1,"started":"x","command":"apply","since":"then","place":null}',
])('a file that is no lock of ours is nobody’s, and is taken over: %j', (text) => {
  const file = path.join(folder, 'run.lock');
  writeFileSync(file, text);
  expect(lockHolder(file)).toBeUndefined();
  const release = tryLock(file, 'apply');
  expect(release).toBeInstanceOf(Function);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ pid: process.pid, command: 'apply' });
  (release as () => void)();
});
