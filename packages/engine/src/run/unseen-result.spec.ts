import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { CommandResult, EnvironmentResult } from './result';
import { keepUnseen, takeUnseen } from './unseen-result';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'mlterra-unseen-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

const result = (...environments: Partial<EnvironmentResult>[]): CommandResult => ({
  command: 'apply',
  engineSeconds: 1,
  environments: environments.map((one) => ({ name: 'lab', stacks: [], notes: [], ...one })),
});

it('what nobody saw is reported once', () => {
  const stacks = [
    { key: 'lab/dev/a', status: 'applied' as const, reasons: [], seconds: 1 },
    {
      key: 'lab/dev/b',
      status: 'failed' as const,
      reasons: [],
      seconds: 1,
      error: { code: 'c', message: 'broke' },
    },
  ];
  keepUnseen(dir, result({ name: 'other' }, { stacks }), 'lab');
  const [file] = readdirSync(path.join(dir, '.mlterra'));
  expect(statSync(path.join(dir, '.mlterra', file!)).mode & 0o777).toBe(0o600);
  expect(takeUnseen(dir)).toMatch(
    /^an earlier apply lost whoever started it, and ended at \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ: lab\/dev\/a applied; lab\/dev\/b failed: broke$/,
  );
  expect(takeUnseen(dir)).toBeUndefined();
});

it('an error of the environment is reported in place of its stacks', () => {
  keepUnseen(dir, result({ error: { code: 'c', message: 'no environment.ts' } }), 'lab');
  expect(takeUnseen(dir)).toMatch(/: no environment\.ts$/);
});

it('nothing is kept of an environment that was not run', () => {
  keepUnseen(dir, result({ name: 'other' }), 'lab');
  expect(existsSync(path.join(dir, '.mlterra'))).toBe(false);
  expect(takeUnseen(dir)).toBeUndefined();
});

it('half a file is forgotten', () => {
  keepUnseen(dir, result({}), 'lab');
  const file = path.join(dir, '.mlterra', 'unseen.json');
  writeFileSync(file, '{"command":"ap');
  expect(takeUnseen(dir)).toBeUndefined();
  expect(existsSync(file)).toBe(false);
});
