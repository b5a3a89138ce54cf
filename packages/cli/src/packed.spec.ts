import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const REPOSITORY = path.resolve(__dirname, '../../..');
const PACKAGES = [
  'packages/core',
  'packages/workspace',
  'packages/engine',
  'packages/rehearsal',
  'packages/testing',
  'packages/sealing',
  'packages/cli',
  'modules/providers/host',
  'modules/tools/postgresql',
  'modules/tools/mlflow',
];

/** Installs from the registry: part of the full tier only. */
const itInFull = process.env['MLTERRA_TEST_FULL'] === '1' ? it : it.skip;

describe('packed packages', () => {
  let dir = '';
  // Made here and not above, where it would stay behind when the test is skipped.
  beforeAll(() => {
    dir = realpathSync(mkdtempSync(path.join(tmpdir(), 'mlterra-packed-')));
  });
  afterAll(() => rmSync(dir, { recursive: true, force: true }));
  const run = (command: string, args: readonly string[], cwd = dir): string =>
    execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

  itInFull(
    'plan an environment in a plain project on HashiCorp’s last cdktf',
    () => {
      const tarballs = PACKAGES.map((folder) => {
        const [packed] = JSON.parse(
          run(
            'npm',
            ['pack', '--json', '--ignore-scripts', '--pack-destination', dir],
            path.join(REPOSITORY, folder),
          ),
        ) as [{ filename: string }];
        return `./${packed.filename}`;
      });
      writeFileSync(path.join(dir, 'package.json'), JSON.stringify({ name: 'plain', private: true }));
      run('npm', [
        'install',
        '--ignore-scripts',
        '--no-audit',
        ...tarballs,
        'cdktf@0.21.0',
        'constructs@10.7.2',
      ]);
      const installed = JSON.parse(
        readFileSync(path.join(dir, 'node_modules/cdktf/package.json'), 'utf8'),
      ) as object;
      expect(installed).toMatchObject({ name: 'cdktf', version: '0.21.0' });

      const environment = path.join(dir, 'environments', 'quickstart');
      mkdirSync(environment, { recursive: true });
      cpSync(
        path.join(REPOSITORY, 'environments/quickstart/environment.ts'),
        path.join(environment, 'environment.ts'),
      );
      const result = JSON.parse(
        run('npx', ['--no-install', 'mlterra', 'plan', 'quickstart', '-c', 'dev', '--json']),
      ) as { environments: { stacks: { key: string; status: string }[] }[] };
      expect(result.environments[0]!.stacks.map(({ key, status }) => `${key} ${status}`)).toEqual([
        'quickstart/dev/postgresql new',
        'quickstart/dev/mlflow waiting',
      ]);
    },
    300_000,
  );
});
