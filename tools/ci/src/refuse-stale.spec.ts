import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const TOOLS = join(__dirname, '../..');
const JEST = join(TOOLS, '../node_modules/jest/bin/jest.js');

const PROGRAMS = {
  spawn: `new Promise((resolve, reject) => cp.spawn('true').on('error', reject).on('close', resolve))`,
  execFile: `require('node:util').promisify(cp.execFile)('true')`,
  exec: `require('node:util').promisify(cp.exec)('true')`,
  spawnSync: `cp.spawnSync('true')`,
  execFileSync: `cp.execFileSync('true')`,
  execSync: `cp.execSync('true')`,
};

describe('a spec that starts a program', () => {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'mlterra-stale-')));
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  const write = (file: string, content: string, at: number): void => {
    const path = join(root, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
    utimesSync(path, at, at);
  };
  const compiledAt = (name: string, at: number): void =>
    write(`packages/${name}/dist/tsconfig.lib.tsbuildinfo`, '', at);
  const pack = (name: string, dependencies: object): void => {
    write(`packages/${name}/package.json`, JSON.stringify({ name: `@x/${name}`, ...dependencies }), 1);
    write(`packages/${name}/src/deep/source.ts`, '', 100);
    write(`packages/${name}/src/deep/source.spec.ts`, '', 900);
    write(`packages/${name}/src/testing/helper.ts`, '', 900);
    compiledAt(name, 200);
  };
  for (const tool of ['refuse-stale.js', 'stale-packages.js', 'workspace-folders.js']) {
    mkdirSync(join(root, 'tools'), { recursive: true });
    copyFileSync(join(TOOLS, tool), join(root, 'tools', tool));
  }
  write('package.json', JSON.stringify({ workspaces: ['packages/*'] }), 1);
  const built = ['app', 'library', 'base', 'tester', 'stranger'];
  const references = built.map((name) => ({ path: `./packages/${name}/tsconfig.lib.json` }));
  write('tsconfig.build.json', JSON.stringify({ references }), 1);
  pack('unbuilt', {});
  rmSync(join(root, 'packages/unbuilt/dist'), { recursive: true });
  pack('app', {
    dependencies: { '@x/library': '1', elsewhere: '1' },
    devDependencies: { '@x/tester': '1', '@x/unbuilt': '1' },
  });
  pack('library', { peerDependencies: { '@x/base': '1' } });
  pack('base', {});
  pack('tester', { dependencies: { '@x/app': '1' } });
  pack('stranger', {});
  write(
    'packages/app/programs.test.js',
    `const cp = require('node:child_process');
it('starts none', () => {});
${Object.entries(PROGRAMS)
  .map(([name, code]) => `it('${name}', async () => { await ${code}; });`)
  .join('\n')}`,
    1,
  );

  const failures = (folder = 'packages/app'): readonly string[] => {
    const config = {
      rootDir: join(root, folder),
      setupFilesAfterEnv: [join(root, 'tools/refuse-stale.js')],
      testMatch: ['<rootDir>/programs.test.js'],
      transform: {},
      testEnvironment: 'node',
    };
    const { stdout } = spawnSync(
      process.execPath,
      [JEST, '--json', '--runInBand', '--config', JSON.stringify(config)],
      { cwd: config.rootDir, encoding: 'utf8' },
    );
    const report = JSON.parse(stdout) as {
      testResults: { assertionResults: { title: string; status: string; failureMessages: string[] }[] }[];
    };
    return report.testResults[0]!.assertionResults.filter(({ status }) => status === 'failed').map(
      ({ title, failureMessages }) => `${title}: ${failureMessages[0]!.split('\n')[0]}`,
    );
  };
  const refused = (names: string): readonly string[] =>
    Object.keys(PROGRAMS).map(
      (title) =>
        `${title}: Error: The sources of ${names} are newer than what is compiled of them, which programs that this spec starts run. Run "npm run build".`,
    );

  it('runs where what is compiled is newer than the sources, whatever became of specs and of strangers', () => {
    compiledAt('stranger', 50);
    expect(failures()).toEqual([]);
  });

  it('runs in a folder that is no package', () => {
    rmSync(join(root, 'package.json'));
    mkdirSync(join(root, 'elsewhere'));
    copyFileSync(join(root, 'packages/app/programs.test.js'), join(root, 'elsewhere/programs.test.js'));
    expect(failures('elsewhere')).toEqual([]);
    write('package.json', JSON.stringify({ workspaces: ['packages/*'] }), 1);
  });

  it('fails where its package, or one that it depends on, was not compiled since it changed', () => {
    compiledAt('app', 99);
    rmSync(join(root, 'packages/base/dist'), { recursive: true });
    compiledAt('tester', 99);
    expect(failures()).toEqual(refused('@x/app, @x/base, @x/tester'));
  });
});
