import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createProgram } from './program';
import { runBinary, type BinaryResult } from './testing/run-binary';

const REPOSITORY = path.resolve(__dirname, '../../..');

let root: string;

function write(file: string, content: string): void {
  const target = path.join(root, file);
  mkdirSync(path.dirname(target), { recursive: true });
  writeFileSync(target, content);
}

function definition(name: string, stages: string, build = ''): string {
  return `
    import { defineEnvironment, localState } from '@mlterra/core';
    import { DataResource } from 'cdktf';
    const settings = { profile: 'development', settings: undefined } as const;
    export default defineEnvironment({
      name: '${name}', backend: localState(), stages: { ${stages} },
      build(stage) { ${build} new DataResource(stage.stack('a'), 'R', { input: { stage: stage.name } }); },
    });`;
}

function run(...args: readonly string[]): BinaryResult {
  return runBinary(root, ...args);
}

beforeAll(() => {
  root = realpathSync(mkdtempSync(path.join(tmpdir(), 'mlterra-cli-')));
  symlinkSync(path.join(REPOSITORY, 'node_modules'), path.join(root, 'node_modules'));
  // Checking types takes seconds of every command, and is not what is tested here.
  const unchecked = { noCheck: true, noResolve: true, lib: ['es5'], types: [] };
  write('tsconfig.json', JSON.stringify({ compilerOptions: unchecked, files: [] }));
  write('environments/lab/environment.ts', definition('lab', 'dev: settings, prod: settings'));
  write('environments/two/environment.ts', definition('two', 'dev: settings'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('help', () => {
  it('lists the commands', () => {
    const { code, stdout } = run('--help');
    expect(stdout).toMatchInlineSnapshot(`
      "Usage: mlterra [options] [command]

      Plans, applies, destroys and inspects the environments of this workspace.

      Options:
        --version                               output the version number
        -h, --help                              display help for command

      Commands:
        synth [options] [environments...]       write the Terraform configuration of every stack to cdktf.out
        plan [options] [environments...]        show what an apply would change
        apply [options] [environments...]       apply the stacks that changed
        destroy [options] [environments...]     destroy the stacks in reverse order
        drift [options] [environments...]       compare what runs with what was applied
        output [options] [environments...]      print outputs and services
        unlock [options] <environment> [stack]  show who holds the locks of an environment, and free those of runs that are gone
        rehearse [options] [environments...]    plan, apply, change and destroy environments without a cloud
        compose [options] <environment>         write what runs on a Docker engine as a project of Compose, for people without Terraform
        matrix [options]                        print which tool runs on which provider, and what proved it
        catalogue [options]                     print which version of each tool is deployed, where it comes from and whether it is alive
        schema                                  schemas a rehearsal uses
        kube-token [options] <cloud>            print a token for the Kubernetes clusters of a cloud, as kubectl and Terraform ask for it
        secret                                  secrets that are sealed for git
        providers                               locks of provider plugins
        help [command]                          display help for command
      "
    `);
    expect(code).toBe(0);
  });

  it.each(createProgram().commands.map((command) => command.name()))('of %s lists its options', (name) => {
    expect(run(name, '--help').stdout).toMatchSnapshot();
  });

  it('of providers lock lists its options', () => {
    expect(run('providers', 'lock', '--help').stdout).toMatchSnapshot();
  });

  it('tells the version of the package', () => {
    const { version } = JSON.parse(readFileSync(path.join(__dirname, '../package.json'), 'utf8')) as {
      version: string;
    };
    expect(run('--version').stdout).toBe(`${version}\n`);
  });
});

describe('what is given wrong', () => {
  it.each([
    [
      'an unknown environment',
      ['plan', 'nosuch'],
      /^There is no environment "nosuch"\.\n {2}expected: one of: lab, two\n {2}to do: /,
    ],
    [
      'no environment',
      ['apply'],
      /^mlterra apply was given no environment.*\n {2}expected: one or more of: lab, two\n {2}to do: {4}mlterra apply lab\n$/,
    ],
    [
      'an unknown stage',
      ['plan', 'lab', '-c', 'nosuch'],
      /^No environment has a stage "nosuch"\.\n {2}expected: one of: dev, prod\n/,
    ],
    ['an unknown command', ['aply', 'lab'], /^error: unknown command 'aply'\n\(Did you mean apply\?\)\n/],
    [
      'an option of another command',
      ['apply', 'lab', '--purge'],
      /^error: unknown option '--purge'\n.*\(see mlterra apply --help\)\n$/s,
    ],
    [
      'a number that is none',
      ['plan', '--parallel', '0'],
      /^error: option '--parallel <n>' argument '0' is invalid\. A whole number from 1 on is expected\.\n/,
    ],
  ])('is told without a stack trace: %s', (_, args, message) => {
    const { code, stdout, stderr } = run(...args);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/^ {4}at /m);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  });

  it('comes with a stack trace when asked for', () => {
    expect(run('plan', 'nosuch', '--verbose').stderr).toMatch(
      /^MlterraError: There is no environment "nosuch"[^]*\n {4}at /,
    );
  });

  it('includes a folder outside of any workspace', () => {
    expect(runBinary('/', 'plan')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^\/ is in no workspace\./),
    });
  });
});

describe('a command', () => {
  it('that only looks is about all environments when none is named', () => {
    const { code, stdout } = run('synth', '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      command: 'synth',
      environments: [{ name: 'lab' }, { name: 'two' }],
    });
    expect(code).toBe(0);
  });

  it('is about the environment of the current folder', () => {
    rmSync(path.join(root, 'environments/two/cdktf.out'), { recursive: true, force: true });
    mkdirSync(path.join(root, 'environments/lab/deep'), { recursive: true });
    const { stdout } = runBinary(path.join(root, 'environments/lab/deep'), 'synth', '--json');
    expect(JSON.parse(stdout).environments).toEqual([expect.objectContaining({ name: 'lab' })]);
    expect(existsSync(path.join(root, 'environments/two/cdktf.out'))).toBe(false);
  });

  it('takes names and paths, each environment once', () => {
    const { stdout } = run('synth', 'two', './environments/two', 'lab', '--json');
    expect(JSON.parse(stdout).environments.map(({ name }: { name: string }) => name)).toEqual(['two', 'lab']);
  });

  describe('with a stage', () => {
    it('passes by the environments that lack it when none is named', () => {
      expect(run('output', '-c', 'prod')).toMatchObject({
        code: 0,
        stdout: expect.stringContaining('two: no stage prod'),
      });
      const { code, stdout } = run('output', '-c', 'prod', '--json');
      expect(code).toBe(0);
      expect(JSON.parse(stdout).environments).toMatchObject([
        { name: 'lab' },
        { name: 'two', noStage: 'prod' },
      ]);
    });

    /** Without all tests three of them, by the seed of the run: each takes a start of the command. */
    const ways = [
      ['synth', 'two'],
      ['plan', 'two'],
      ['plan', 'two', '--json'],
      ['apply', 'two'],
      ['apply', './environments/two'],
      ['destroy', 'two', '--yes'],
      ['drift', 'two'],
      ['output', 'two'],
      ['rehearse', 'two'],
      ['rehearse', 'two', '--json'],
      ['compose', 'two'],
      ['secret', 'seal', 'two', 'login', 'password'],
    ];
    const seed = Number(process.env['MLTERRA_TEST_SEED'] ?? Math.abs(jest.getSeed()));
    const tried =
      process.env['MLTERRA_TEST_FULL'] === '1'
        ? ways
        : [0, 4, 8].map((step) => ways[(seed + step) % ways.length]!);

    it('says so of a rehearsal, too', () => {
      const { code, stdout, stderr } = run('rehearse', '-c', 'prod', '--json');
      expect(stderr).toContain('two: no stage prod');
      expect(JSON.parse(stdout).environments).toMatchObject([
        { environment: 'lab', passed: true },
        { environment: 'two', noStage: 'prod' },
      ]);
      expect(code).toBe(0);
    });

    it.each(tried.map((way) => way.join(' ')))('refuses one that lacks it when it is named: %s', (way) => {
      const { code, stdout, stderr } = run(...way.split(' '), '-c', 'prod');
      expect(stderr).toBe(
        [
          'The environment two has no stage "prod".',
          '  expected: one of: dev',
          '  to do:    correct the name after -c, or leave out what lacks the stage; nothing was done',
          '',
        ].join('\n'),
      );
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    });

    it('does nothing to those that have it when another one that is named lacks it', () => {
      rmSync(path.join(root, 'environments/lab/cdktf.out'), { recursive: true, force: true });
      const { code, stderr } = run('synth', 'lab', 'two', '-c', 'prod');
      expect(stderr).toContain('The environment two has no stage "prod".');
      expect(code).toBe(1);
      expect(existsSync(path.join(root, 'environments/lab/cdktf.out'))).toBe(false);
    });

    it('names all that lack it', () => {
      write('environments/three/environment.ts', definition('three', 'test: settings, dev: settings'));
      try {
        expect(run('plan', 'three', 'lab', 'two', '-c', 'prod').stderr).toContain(
          'The environments three, two have no stage "prod".\n  expected: three: one of: test, dev; two: one of: dev\n',
        );
      } finally {
        rmSync(path.join(root, 'environments/three'), { recursive: true });
      }
    });

    it('takes the environment of the current folder as named', () => {
      const { code, stderr } = runBinary(path.join(root, 'environments/two'), 'plan', '-c', 'prod');
      expect(stderr).toContain('The environment two has no stage "prod".');
      expect(code).toBe(1);
    });
  });

  it('locks the providers of all environments', () => {
    expect(run('providers', 'lock')).toMatchObject({
      code: 0,
      stdout:
        'lab: uses only built-in resources, needs no lock\ntwo: uses only built-in resources, needs no lock\n',
    });
  });

  it('ends with 1 when an environment fails', () => {
    write(
      'environments/bad/environment.ts',
      definition('bad', 'dev: settings', `throw new Error('broken on purpose');`),
    );
    try {
      const { code, stdout } = run('synth', 'bad', 'two');
      expect(stdout).toContain('broken on purpose');
      expect(stdout).toContain('two/dev/a is in environments/two/cdktf.out');
      expect(code).toBe(1);
    } finally {
      rmSync(path.join(root, 'environments/bad'), { recursive: true });
    }
  });
});

it.each([
  ['plan', '-c', 'dev', '-c', 'prod'],
  ['rehearse', '--stage', 'dev', '-c', 'prod'],
])('a stage that is given twice is refused: %s', (...args) => {
  const { code, stderr } = run(...args);
  expect(code).toBe(1);
  expect(stderr).toContain('It may be given once, and was given as "dev" before.');
});
