import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const REPOSITORY = join(__dirname, '../../..');

/** What a spec sees, and what programs see that it starts, with and without naming variables. */
const SPEC = `
const { execFileSync } = require('node:child_process');
const program = 'console.log(JSON.stringify(process.env))';
it('sees', () => {
  const run = (env) => execFileSync(process.execPath, ['-e', program], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], env });
  for (const output of [run(undefined), run({ ...process.env })]) {
    const seen = JSON.parse(output.split('\\n')[0]);
    const names = ['CI', 'LANG', 'LC_ALL', 'NO_COLOR', 'FORCE_COLOR', 'TF_LOG', 'TF_CLI_ARGS_plan', 'TF_VAR_size', 'PGOPTIONS', 'PIP_USER', 'TF_CLI_CONFIG_FILE'];
    expect(Object.fromEntries(names.flatMap((name) => (name in seen ? [[name, seen[name]]] : [])))).toEqual({
      LANG: 'C.UTF-8', NO_COLOR: '1', FORCE_COLOR: '0', TF_CLI_CONFIG_FILE: '/kept',
    });
  }
});
it('hears no warning', () => {
  const { stderr } = require('node:child_process').spawnSync(process.execPath, ['-e', 'require("node:tty").WriteStream.prototype.getColorDepth(process.env)'], { encoding: 'utf8' });
  expect(stderr).toBe('');
});
`;

describe('the environment of tests', () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'mlterra-jest-')));
  beforeAll(() => {
    mkdirSync(join(folder, 'src'));
    symlinkSync(join(REPOSITORY, 'node_modules'), join(folder, 'node_modules'), 'dir');
    writeFileSync(join(folder, 'src', 'seen.spec.ts'), SPEC);
    writeFileSync(join(folder, 'src', 'again.spec.ts'), SPEC);
    const preset = JSON.stringify(join(REPOSITORY, 'jest.preset.js'));
    writeFileSync(
      join(folder, 'jest.config.js'),
      `module.exports = { ...require(${preset}), rootDir: __dirname };`,
    );
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each([
    ['in the same process', ['--runInBand']],
    ['in workers', ['--maxWorkers=2']],
  ])('is the same whoever starts them, %s', (_, options) => {
    const { PATH, HOME } = process.env;
    const jest = spawnSync(
      process.execPath,
      [
        join(REPOSITORY, 'node_modules/jest/bin/jest.js'),
        '-c',
        join(folder, 'jest.config.js'),
        '--json',
        ...options,
      ],
      {
        cwd: folder,
        encoding: 'utf8',
        env: {
          PATH,
          HOME,
          NO_COLOR: '1',
          FORCE_COLOR: 'true',
          LANG: 'C',
          LC_ALL: 'C',
          CI: 'true',
          TF_LOG: 'trace',
          TF_CLI_ARGS_plan: '-destroy',
          TF_VAR_size: 'L',
          TF_CLI_CONFIG_FILE: '/kept',
          PGOPTIONS: '-c default_transaction_read_only=on',
          PIP_USER: '1',
        },
      },
    );
    expect(JSON.parse(jest.stdout)).toMatchObject({ numPassedTests: 4, numTotalTests: 4 });
  });
});
