import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { findEngine } from './find-engine';

let root: string;
let cache: string;
const given = { PATH: process.env['PATH'], MLTERRA_ENGINE: process.env['MLTERRA_ENGINE'] };

beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'mlterra-engine-'));
  cache = path.join(root, 'cache');
  delete process.env['MLTERRA_ENGINE'];
});
afterEach(() => {
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
  rmSync(root, { recursive: true });
});

/** A program that says its version, and notes that it was asked. */
function program(name: string, version: string, mode = 0o755): string {
  const file = path.join(root, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(
    file,
    `#!/bin/sh\necho asked >> '${root}/asked'\necho '{"terraform_version":"${version}"}'\n`,
  );
  chmodSync(file, mode);
  return file;
}
const timesAsked = (): number => readFileSync(path.join(root, 'asked'), 'utf8').split('\n').length - 1;

it('is the one that is named, before that of the variable and of the PATH', () => {
  const one = program('one/tofu', '1.9.0');
  const two = program('two/terraform', '1.8.0');
  const three = program('three/terraform', '1.7.0');
  process.env['PATH'] = `${path.dirname(three)}:${given.PATH}`;
  expect(findEngine(undefined, cache)).toEqual({ name: 'terraform', path: three, version: '1.7.0' });
  process.env['MLTERRA_ENGINE'] = two;
  expect(findEngine(undefined, cache)).toMatchObject({ path: two });
  expect(findEngine(one, cache)).toEqual({ name: 'tofu', path: one, version: '1.9.0' });
});

it('is the first on the PATH that can be run, and what a link leads to', () => {
  program('no/terraform', '1.7.0', 0o644);
  mkdirSync(path.join(root, 'folder/terraform'), { recursive: true });
  const real = program('real/terraform', '1.7.0');
  mkdirSync(path.join(root, 'links'));
  symlinkSync(real, path.join(root, 'links/terraform'));
  process.env['PATH'] =
    `${['no', 'folder', 'links'].map((name) => path.join(root, name)).join(':')}:${given.PATH}`;
  expect(findEngine(undefined, cache)).toMatchObject({ path: real });
});

it('is asked once, until it changes', () => {
  const file = program('terraform', '1.7.0');
  findEngine(file, cache);
  expect(findEngine(file, cache)).toMatchObject({ version: '1.7.0' });
  expect(timesAsked()).toBe(1);
  program('terraform', '1.10.12');
  expect(findEngine(file, cache)).toMatchObject({ version: '1.10.12' });
  writeFileSync(path.join(cache, 'engine.json'), '{');
  findEngine(file, cache);
  expect(timesAsked()).toBe(3);
});

it.each(['1.5.0', '1.5.7', '1.11.4', '2.0.0'])('may be of version %s', (version) => {
  expect(findEngine(program('terraform', version), cache)).toMatchObject({ version });
});

it.each(['1.4.7', '0.15.5', '1.4.99'])('is refused in version %s', (version) => {
  expect(() => findEngine(program('terraform', version), cache)).toThrow(
    expect.objectContaining({ message: expect.stringContaining(version) }),
  );
});

it('is named where there is none, or it is no engine', () => {
  expect(() => findEngine(path.join(root, 'none'), cache)).toThrow(/none/);
  const file = path.join(root, 'other');
  writeFileSync(file, '#!/bin/sh\necho hello\n', { mode: 0o755 });
  expect(() => findEngine(file, cache)).toThrow(file);
});
