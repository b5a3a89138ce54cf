import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { catalogue } from '@mlterra/catalogue';
import { runBinary } from './testing/run-binary';

const REPOSITORY = path.resolve(__dirname, '../../..');

describe('mlterra catalogue', () => {
  it('prints what the page about it shows', () => {
    const { code, stdout } = runBinary(REPOSITORY, 'catalogue');
    expect(code).toBe(0);
    const page = readFileSync(path.join(REPOSITORY, 'docs/catalogue.md'), 'utf8');
    const lines = stdout.trim().split('\n').filter(Boolean);
    expect(lines.length).toBeGreaterThan(Object.keys(catalogue).length);
    for (const line of lines) expect(page).toContain(line);
  });

  it('prints everything for programs', () => {
    expect(JSON.parse(runBinary(REPOSITORY, 'catalogue', '--json').stdout)).toEqual(catalogue);
  });

  describe('where nobody can be reached', () => {
    let refused: string;

    beforeAll(async () => {
      const server = createServer();
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      refused = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      await new Promise((resolve) => server.close(resolve));
    });

    const check = (...args: readonly string[]) =>
      spawnSync(
        process.execPath,
        [path.join(__dirname, '../bin/mlterra.js'), 'catalogue', '--check', ...args],
        {
          cwd: REPOSITORY,
          env: { PATH: process.env.PATH, HTTPS_PROXY: refused },
          encoding: 'utf8',
        },
      );

    it('says so once, and does not fail', () => {
      const { status, stdout } = check();
      expect(stdout).toMatch(/^No source could be asked: .*ECONNREFUSED.*\n$/);
      expect(status).toBe(0);
    });

    it('tells programs of every release', () => {
      const { status, stdout } = check('--json');
      const { releases } = JSON.parse(stdout) as { releases: { key: string; status: string }[] };
      expect(new Set(releases.map((row) => row.status))).toEqual(new Set(['unreachable']));
      expect(new Set(releases.map(({ key }) => key))).toEqual(new Set(Object.keys(catalogue)));
      expect(status).toBe(0);
    });
  });
});
