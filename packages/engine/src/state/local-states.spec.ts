import { localState } from '@mlterra/core';
import { once } from 'node:events';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { TerraformFolder } from '../testing/terraform';
import { createStateReader, type StateReader } from './state-reader';

const backend = localState();
let dir: string;
let reader: StateReader;

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'mlterra-local-states-'));
  reader = createStateReader({ environmentDir: dir });
});
afterAll(async () => {
  await reader.close();
  rmSync(dir, { recursive: true });
});

const file = (key: string): string => join(dir, '.mlterra', 'state', `${key}.tfstate`);
const read = (key: string) => reader.read(backend.location(key));
const stack = (key: string): TerraformFolder =>
  new TerraformFolder(join(dir, '.mlterra', 'stacks', key.replaceAll('/', '-')), backend, key);

test('what Terraform applied is read; what it never applied is absent', async () => {
  expect(await read('demo/dev/a')).toEqual({ kind: 'absent' });
  await stack('demo/dev/a').apply('one');
  expect(await read('demo/dev/a')).toEqual({
    kind: 'state',
    state: {
      version: 4,
      terraformVersion: expect.stringMatching(/^1\./),
      serial: expect.any(Number),
      lineage: expect.stringMatching(/^[0-9a-f-]{36}$/),
      outputs: { value: { value: 'one', sensitive: false }, secret: { value: 's', sensitive: true } },
      resources: [
        expect.objectContaining({
          mode: 'managed',
          type: 'terraform_data',
          name: 'a',
          instances: [
            {
              attributes: expect.objectContaining({
                triggers_replace: { value: ['true'], type: ['tuple', ['string']] },
              }),
              schemaVersion: 0,
            },
          ],
        }),
      ],
    },
  });
});

test('a lock that a killed Terraform left is told with the state', async () => {
  const folder = stack('demo/dev/killed');
  await folder.apply('one');
  const running = folder.applyInBackground('two', `touch started; sleep 60`);
  const started = join(dir, '.mlterra', 'stacks', 'demo-dev-killed', 'started');
  while (!existsSync(started)) await delay(20);
  process.kill(-running.pid!, 'SIGKILL');
  await once(running, 'exit');
  expect(await read('demo/dev/killed')).toMatchObject({
    kind: 'state',
    staleLock: expect.stringMatching(
      /^\S+@\S+, apply, since \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ, lock [0-9a-f-]{36}$/,
    ),
  });
  await folder.apply('three');
  expect(await read('demo/dev/killed')).not.toHaveProperty('staleLock');
});

test('a Terraform killed before its first write leaves no state, however often it is planned since', async () => {
  const folder = stack('demo/dev/early');
  await folder.apply('one');
  rmSync(file('demo/dev/early'));
  rmSync(`${file('demo/dev/early')}.backup`, { force: true });
  const running = folder.applyInBackground('two', `touch started; sleep 60`);
  const started = join(dir, '.mlterra', 'stacks', 'demo-dev-early', 'started');
  while (!existsSync(started)) await delay(20);
  process.kill(-running.pid!, 'SIGKILL');
  await once(running, 'exit');
  expect(existsSync(file('demo/dev/early'))).toBe(true);
  expect(await read('demo/dev/early')).toEqual({ kind: 'absent' });
  await folder.terraform('plan', '-no-color');
  expect(await read('demo/dev/early')).toEqual({ kind: 'absent' });
});

describe('a damaged state is refused:', () => {
  const corrupt = (found: string) =>
    expect.objectContaining({
      code: 'state-corrupt',
      message: expect.stringContaining(`The state ${file('demo/dev/bad')} ${found}.`),
    });

  beforeEach(() => {
    copyFileSync(file('demo/dev/a'), file('demo/dev/bad'));
  });
  afterEach(() => {
    for (const suffix of ['', '.backup'])
      rmSync(file('demo/dev/bad') + suffix, { recursive: true, force: true });
  });

  test('emptied', async () => {
    truncateSync(file('demo/dev/bad'), 0);
    await expect(read('demo/dev/bad')).rejects.toEqual(corrupt('is empty'));
  });

  test('empty beside a backup', async () => {
    rmSync(file('demo/dev/bad'));
    writeFileSync(file('demo/dev/bad'), '');
    copyFileSync(file('demo/dev/a'), `${file('demo/dev/bad')}.backup`);
    await expect(read('demo/dev/bad')).rejects.toEqual(corrupt('is empty'));
  });

  test('cut off', async () => {
    truncateSync(file('demo/dev/bad'), 100);
    await expect(read('demo/dev/bad')).rejects.toEqual(corrupt('is cut off or is not JSON'));
  });

  test('a folder', async () => {
    rmSync(file('demo/dev/bad'));
    mkdirSync(file('demo/dev/bad'));
    await expect(read('demo/dev/bad')).rejects.toEqual(corrupt('is a folder'));
  });
});

test('a state that is being written is waited for', async () => {
  const path = file('demo/dev/writing');
  const lock = join(path, '..', '.writing.tfstate.lock.info');
  copyFileSync(file('demo/dev/a'), path);
  truncateSync(path, 50);
  writeFileSync(lock, '{"Who":"me@here"}');
  const reading = read('demo/dev/writing');
  await delay(20);
  copyFileSync(file('demo/dev/a'), path);
  expect(await reading).toMatchObject({ kind: 'state', staleLock: 'me@here' });
});

test('the states of an environment are listed, and of no other', async () => {
  for (const key of ['list/dev/a', 'list/prod/b', 'list-more/dev/c', 'other/dev/d']) {
    mkdirSync(join(file(key), '..'), { recursive: true });
    writeFileSync(file(key), '{}');
  }
  for (const name of ['list/dev/a.tfstate.backup', 'list/stray.tfstate', 'list/dev/deep/x.tfstate']) {
    const path = join(dir, '.mlterra', 'state', name);
    mkdirSync(join(path, '..'), { recursive: true });
    writeFileSync(path, '');
  }
  expect(await reader.list(backend, 'list')).toEqual(['list/dev/a', 'list/prod/b']);
  expect(await reader.list(backend, 'nothing')).toEqual([]);
});

test('a backend of another type is refused', async () => {
  const location = { type: 'http', address: 'http://127.0.0.1' } as never;
  await expect(reader.read(location)).rejects.toThrow(
    'States of the backend "http" cannot be read.\n  expected: one of: local, s3, pg',
  );
});
