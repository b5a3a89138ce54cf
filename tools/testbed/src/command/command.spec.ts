import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const MAIN = join(__dirname, '..', '..', 'dist', 'command', 'main.js');

describe('npm run testbed', () => {
  let cache: string;

  beforeEach(() => {
    cache = mkdtempSync(join(tmpdir(), 'mlterra-testbed-spec-'));
  });

  afterEach(() => rmSync(cache, { recursive: true, force: true }));

  async function testbed(...args: readonly string[]): Promise<string> {
    const env = { ...process.env, XDG_CACHE_HOME: cache };
    return (await run(process.execPath, [MAIN, ...args], { env })).stdout;
  }

  test.each([
    [['start'], '`npm run testbed` does not know "start". Known: up, down, status.'],
    [
      ['up', 'postgres', 'redis'],
      '`npm run testbed` does not know "redis". Known: docker, kubernetes, postgres, s3.',
    ],
    [['status', 'docker'], '`npm run testbed` does not know "docker". Nothing is expected here.'],
  ])('%j is refused', async (args, message) => {
    await expect(testbed(...args)).rejects.toThrow(message);
  });

  test.each([['--help'], ['up', '--help']])('%j says how it is used', async (...args) => {
    expect(await testbed(...args)).toMatch(
      /^npm run testbed +builds[^]*Servers: docker, kubernetes, postgres, s3;/,
    );
  });

  test('a server that is up outlives the command, is found again, and ends when it is taken down', async () => {
    const first = await testbed('up', 'postgres');
    try {
      const exports = first.split('\n').filter((line) => line.startsWith('export '));
      expect(exports.map((line) => line.replace(/=.*/, ''))).toEqual(
        ['PGHOST', 'PGPORT', 'PGUSER', 'PGPASSWORD', 'PGSSLMODE'].map((name) => `export ${name}`),
      );
      expect(await testbed('up', 'postgres')).toBe(['# postgres: runs already', ...exports, ''].join('\n'));
      expect(await testbed('status')).toMatch(/^# docker: does not run\n[^]*# postgres: runs, process \d+\n/);
      expect(statSync(join(cache, 'mlterra', 'testbed', 'up', 'postgres.json')).mode & 0o777).toBe(0o600);
    } finally {
      expect(await testbed('down', 'postgres')).toBe('# postgres: stopped\n');
    }
    expect(readdirSync(join(cache, 'mlterra', 'testbed', 'up'))).toEqual([]);
    expect(await testbed('status')).toContain('# postgres: does not run');
    expect(await testbed('down', 'postgres')).toBe('');
  });
});
