import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Archive } from './archive';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'mlterra-archive-'));
  mkdirSync(join(root, 'from', 'native'), { recursive: true });
  mkdirSync(join(root, 'into'));
  // More than a pipe takes.
  writeFileSync(join(root, 'from', 'native', 'big'), Buffer.alloc(1_000_000, 'x'));
});

afterEach(() => rmSync(root, { recursive: true }));

const read = (folder = 'native') => new Archive(join(root, 'from'), folder);

it('unpacks what it has read', async () => {
  await read().unpack(join(root, 'into'));
  expect(readFileSync(join(root, 'into', 'native', 'big')).length).toBe(1_000_000);
});

it('fails when there is nothing to read, or no place to write', async () => {
  await expect(read('nosuch').unpack(join(root, 'into'))).rejects.toThrow(
    `${join(root, 'from')} could not be copied into ${join(root, 'into')}: tar: nosuch: Cannot stat`,
  );
  await expect(read().unpack(join(root, 'nosuch'))).rejects.toThrow(`nosuch: Cannot open`);
});
