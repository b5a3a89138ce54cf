import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { localState, type StateLocation } from '@mlterra/core';
import { createStateReader, type StateReader } from './state-reader';

/** States as files, written by this spec; what Terraform itself writes is read in `local-states.spec`. */
let dir: string;
let reader: StateReader;
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'mlterra-local-'));
  reader = createStateReader({ environmentDir: dir });
});
afterEach(async () => {
  await reader.close();
  rmSync(dir, { recursive: true });
});

const STATE = JSON.stringify({
  version: 4,
  terraform_version: '1.11.4',
  serial: 1,
  lineage: 'l',
  outputs: { url: { value: 'u', type: 'string' } },
  resources: [],
});
const LOCK = JSON.stringify({ ID: '1', Who: 'ann@host', Operation: 'OperationTypeApply' });
const backend = localState();
const at = (key: string): StateLocation => backend.location(key);
const fileOf = (key: string): string => path.join(dir, '.mlterra/state', `${key}.tfstate`);
const put = (
  key: string,
  text: string,
  beside: { readonly lock?: string; readonly backup?: string } = {},
): void => {
  const file = fileOf(key);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
  if (beside.lock !== undefined) {
    writeFileSync(path.join(path.dirname(file), `.${path.basename(file)}.lock.info`), beside.lock);
  }
  if (beside.backup !== undefined) writeFileSync(`${file}.backup`, beside.backup);
};
const KEY = 'lab/dev/a';

it('a state is read, and none is absent', async () => {
  expect(await reader.read(at(KEY))).toEqual({ kind: 'absent' });
  put(KEY, STATE);
  expect(await reader.read(at(KEY))).toMatchObject({
    kind: 'state',
    state: { outputs: { url: { value: 'u', sensitive: false } } },
  });
});

it('one that is encrypted is opaque', async () => {
  put(KEY, JSON.stringify({ encrypted_data: 'x' }), { lock: LOCK });
  expect(await reader.read(at(KEY))).toEqual({ kind: 'opaque', reason: 'the state is encrypted' });
});

it('a lock that was left beside it is reported, and no obstacle', async () => {
  put(KEY, STATE, { lock: LOCK });
  const read = await reader.read(at(KEY));
  expect(read).toMatchObject({ kind: 'state', staleLock: 'ann@host, apply, lock 1' });
  const lock = (await reader.lock(at(KEY)))!;
  expect(lock).toEqual({
    identity: LOCK,
    holder: 'ann@host, apply, lock 1',
    endsWithProcess: false,
    process: 'dead',
    evidence: 'no process holds the state; its lock ended with it',
  });
  expect(await reader.unlock(at(KEY), { ...lock, identity: 'another' })).toBe('changed');
  expect(await reader.unlock(at(KEY), lock)).toBe('freed');
  expect(await reader.unlock(at(KEY), lock)).toBe('changed');
  expect(await reader.lock(at(KEY))).toBeUndefined();
  expect(await reader.read(at(KEY))).not.toHaveProperty('staleLock');
});

it('an empty file that was never written is none', async () => {
  put(KEY, '');
  expect(await reader.read(at(KEY))).toEqual({ kind: 'absent' });
});

it.each<[string, string, { readonly backup?: string; readonly lock?: string }, RegExp]>([
  [
    'emptied, with a backup',
    '',
    { backup: STATE },
    /a\.tfstate is empty\.[^]*restore it from the file .*a\.tfstate\.backup/,
  ],
  ['cut off', '{"version": 4', {}, /is cut off or is not JSON/],
  ['cut off, beside a lock', '{"version": 4', { lock: LOCK }, /is cut off or is not JSON/],
])('one that was %s is refused', async (_, text, beside, message) => {
  put(KEY, text, beside);
  await expect(reader.read(at(KEY))).rejects.toThrow(
    expect.objectContaining({ code: 'state-corrupt', message: expect.stringMatching(message) }),
  );
});

it('one that was emptied later is refused without a backup, too', async () => {
  put(KEY, STATE);
  await new Promise((done) => setTimeout(done, 20));
  writeFileSync(fileOf(KEY), '');
  await expect(reader.read(at(KEY))).rejects.toThrow(/is empty/);
});

it('one that is being written is waited for', async () => {
  put(KEY, '{"version": 4', { lock: LOCK });
  setTimeout(() => writeFileSync(fileOf(KEY), STATE), 60);
  expect(await reader.read(at(KEY))).toMatchObject({ kind: 'state' });
});

it('those of an environment are listed, sorted, and nothing else', async () => {
  expect(await reader.list(backend, 'lab')).toEqual([]);
  for (const key of ['lab/prod/z', 'lab/dev/b', 'lab/dev/a', 'lab-two/dev/a', 'lab/stray', 'lab/dev/deep/a'])
    put(key, STATE);
  put('lab/dev/b', STATE, { backup: STATE, lock: LOCK });
  expect(await reader.list(backend, 'lab')).toEqual(['lab/dev/a', 'lab/dev/b', 'lab/prod/z']);
});

it('a folder in place of a state, or of the states, is an error of its own', async () => {
  mkdirSync(fileOf(KEY), { recursive: true });
  await expect(reader.read(at(KEY))).rejects.toThrow(/is a folder\./);
  mkdirSync(path.join(dir, '.mlterra/state'), { recursive: true });
  writeFileSync(path.join(dir, '.mlterra/state/other'), '');
  await expect(reader.list(backend, 'other')).rejects.toThrow(/other/);
});

it('a backend that nobody knows is named with those there are', async () => {
  await expect(reader.read({ type: 'ftp' } as never)).rejects.toThrow(/ftp[^]*local, s3, pg/);
  await expect(reader.read({ type: 'toString' } as never)).rejects.toThrow(/toString/);
});
