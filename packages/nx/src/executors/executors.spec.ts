/** @long */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { TemporaryWorkspace, type NxResult } from '../testing/temporary-workspace';

let workspace: TemporaryWorkspace;

function definition(name: string, stages: Readonly<Record<string, string>>, build = ''): string {
  const entries = Object.entries(stages).map(
    ([stage, profile]) => `${stage}: { profile: '${profile}', settings: undefined }`,
  );
  return `
    import { defineEnvironment, localState } from '@mlterra/core';
    import { DataResource } from 'cdktf';
    export default defineEnvironment({
      name: '${name}',
      backend: localState(),
      stages: { ${entries.join(', ')} },
      build(stage) {
        ${build}
        new DataResource(stage.stack('a'), 'R', { input: { stage: stage.name } });
      },
    });`;
}

beforeEach(() => {
  workspace = new TemporaryWorkspace();
  workspace.write(
    'environments/lab/environment.ts',
    definition('lab', { dev: 'development', prod: 'production' }),
  );
  workspace.write('environments/two/environment.ts', definition('two', { dev: 'development' }));
});
afterEach(() => workspace.remove());

function exists(file: string): boolean {
  return existsSync(path.join(workspace.root, file));
}

function run(commandLine: string): Promise<NxResult> {
  return workspace.nx(...commandLine.split(' '));
}

describe('synth', () => {
  it('fails on its own where an environment is broken', async () => {
    workspace.write(
      'environments/bad/environment.ts',
      definition('bad', { dev: 'development' }, `throw new Error('broken on purpose');`),
    );
    const { code, text } = await run('run-many -t synth');
    expect(text).toContain('Running 3 tasks with @mlterra/nx:synth');
    expect(text).toContain('broken on purpose');
    expect(text).toMatch(/Failed tasks:\n+- bad:synth\n/);
    expect(code).toBe(1);
    expect([exists('environments/lab/cdktf.out'), exists('environments/two/cdktf.out')]).toEqual([
      true,
      true,
    ]);
  });

  it('is taken from the cache when nothing changed', async () => {
    expect((await run('synth lab')).code).toBe(0);
    const again = await run('synth lab');
    expect(again.text).toContain('[local cache]');
    workspace.write('environments/lab/environment.ts', definition('lab', { dev: 'development' }));
    expect((await run('synth lab')).text).not.toContain('[local cache]');
  });
});

describe('apply', () => {
  it('of a stage touches no other, and passes by environments without it', async () => {
    const { code, text } = await run('run-many -t apply -c prod --output-style=static');
    expect(text).toContain('two: no stage prod');
    expect(code).toBe(0);
    expect(exists('environments/lab/.mlterra/state/lab/prod/a.tfstate')).toBe(true);
    expect(exists('environments/lab/.mlterra/state/lab/dev/a.tfstate')).toBe(false);
    expect(exists('environments/two/.mlterra/state')).toBe(false);
  });

  it('runs each time, and destroy undoes it', async () => {
    const first = await run('apply lab -c dev');
    expect(first).toMatchObject({ code: 0, text: expect.stringMatching(/lab\/dev\/a .* applied/) });
    const second = await run('apply lab -c dev');
    expect(second).toMatchObject({ code: 0, text: expect.stringMatching(/lab\/dev\/a .* unchanged/) });
    expect(second.text).not.toContain('cache]');
    const unasked = await run('destroy lab -c dev');
    expect(unasked.code).toBe(1);
    const destroyed = await run('destroy lab -c dev --yes');
    expect(destroyed).toMatchObject({ code: 0, text: expect.stringMatching(/lab\/dev\/a .* destroyed/) });
  });
});

describe('options', () => {
  it('reach the engine', async () => {
    const { text } = await run('output lab --json');
    expect(text).toMatch(/^\{\n {2}"command": "output",\n {2}"environments": \[/m);
  });

  it('that an executor does not have are refused', async () => {
    const { code, text } = await run('apply lab --nosuch');
    expect(text).toContain("'nosuch' is not found in schema");
    expect(code).toBe(1);
  });
});

describe('e2e', () => {
  it('runs the tests of the environment with the stage', async () => {
    workspace.write(
      'environments/lab/jest.e2e.config.js',
      `module.exports = { testMatch: ['<rootDir>/e2e/*.test.js'] };`,
    );
    workspace.write(
      'environments/lab/e2e/stage.test.js',
      `test('stage', () => expect(process.env.MLTERRA_STAGE).toBe('prod'));`,
    );
    expect(await run('e2e lab -c prod')).toMatchObject({
      code: 0,
      text: expect.stringContaining('1 passed'),
    });
    expect(await run('e2e lab -c dev')).toMatchObject({ code: 1, text: expect.stringContaining('1 failed') });
  });
});
