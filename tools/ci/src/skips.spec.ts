import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readAllowedSkips } from './skips';

describe('readAllowedSkips', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mlterra-skips-'));
  const file = join(folder, 'skips.json');
  afterAll(() => rmSync(folder, { recursive: true }));

  function read(content: unknown): unknown {
    writeFileSync(file, JSON.stringify(content));
    return readAllowedSkips(file);
  }

  it('reads tests with their reasons', () => {
    const skips = [{ test: 'a b', reason: 'c' }];
    expect(read(skips)).toEqual(skips);
  });

  it.each([{ test: 'a b' }, { test: 'a b', reason: ' ' }, { reason: 'c' }])('refuses %j', (entry) => {
    expect(() => read([entry])).toThrow(/needs a test \(its full name\) and a reason/);
  });

  it('refuses anything but a list', () => {
    expect(() => read({ test: 'a b', reason: 'c' })).toThrow(/a list of \{test, reason\} is expected/);
  });

  it('accepts the list of this repository', () => {
    expect(() => readAllowedSkips(join(__dirname, '../skips.json'))).not.toThrow();
  });
});
