import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { buildOnce } from './go-build';
import { buildTerratest, helperPath } from './helper-binary';
import { folderWith, writeInto } from './testing/module-folder';

const hasGo = spawnSync('go', ['version']).status === 0;
const describeGo = hasGo ? describe : describe.skip;

const MODULE = { 'go.mod': 'module example.test/hello\n\ngo 1.21\n' };
const HELLO = { ...MODULE, 'main.go': 'package main\n\nfunc main() { println("hello") }\n' };

const programIn = (module: string) => ({ name: 'hello', module, package: '.' });

describeGo('buildOnce', () => {
  it('builds for all who ask at once, takes over the lock of a builder that died, and builds no second time', async () => {
    const folder = folderWith(HELLO);
    const binary = join(folder, 'bin', 'hello');
    const died = spawnSync(process.execPath, ['-p', 'process.pid'], { encoding: 'utf8' }).stdout.trim();
    writeInto(folder, { 'bin/hello.lock': died });
    await Promise.all([buildOnce(programIn(folder), binary), buildOnce(programIn(folder), binary)]);
    expect(spawnSync(binary, { encoding: 'utf8' }).stderr).toBe('hello\n');
    expect(readdirSync(join(folder, 'bin'))).toEqual(['hello']);
    const { ino } = statSync(binary);
    await buildOnce(programIn(folder), binary);
    expect(statSync(binary).ino).toBe(ino);
  });

  it('tells what the compiler says, and leaves nothing', async () => {
    const folder = folderWith({ ...MODULE, 'main.go': 'package main\n\nfunc main() { nothing() }\n' });
    await expect(buildOnce(programIn(folder), join(folder, 'bin', 'hello'))).rejects.toMatchObject({
      code: 'go-build-failed',
      message: expect.stringMatching(/^Building hello failed:.*undefined: nothing/s),
    });
    expect(readdirSync(join(folder, 'bin'))).toEqual([]);
  });
});

describe('the program with Terratest', () => {
  const variables = { ...process.env };
  afterEach(() => {
    process.env = { ...variables };
  });

  it('cannot be built without Go: it is said which one, and what else can be done', async () => {
    const empty = folderWith({});
    Object.assign(process.env, { PATH: empty, XDG_CACHE_HOME: empty, MLTERRA_TERRATEST: '' });
    await expect(buildTerratest()).rejects.toMatchObject({
      code: 'go-missing',
      message: expect.stringMatching(
        /Go 1\.26\.\d or newer.*https:\/\/go\.dev\/dl; or set MLTERRA_TERRATEST/s,
      ),
    });
    expect(existsSync(helperPath())).toBe(false);
  });

  it('is kept by the hash of its sources, and not built when one is given', async () => {
    process.env['XDG_CACHE_HOME'] = '/cache';
    process.env['MLTERRA_TERRATEST'] = '';
    expect(helperPath()).toMatch(/^\/cache\/mlterra\/terratest-wrapper\/[0-9a-f]{16}\/mlterra-terratest$/);
    process.env['MLTERRA_TERRATEST'] = process.execPath;
    expect(await buildTerratest()).toBe(process.execPath);
  });
});
