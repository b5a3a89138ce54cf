import { spawn, type ChildProcess } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const REPOSITORY = path.resolve(__dirname, '../../../..');

const root = realpathSync(mkdtempSync(path.join(tmpdir(), 'mlterra-killed-')));
const temporary = path.join(root, 't');
const dir = path.join(root, 'environments', 'lab');

beforeAll(() => {
  symlinkSync(path.join(REPOSITORY, 'node_modules'), path.join(root, 'node_modules'));
  mkdirSync(temporary);
  mkdirSync(dir, { recursive: true });
  // Checking types takes seconds, and is not what is ended here.
  const unchecked = { noCheck: true, noResolve: true, lib: ['es5'], types: [] };
  writeFileSync(path.join(root, 'tsconfig.json'), JSON.stringify({ compilerOptions: unchecked, files: [] }));
  // Four stacks in a row: it lasts some seconds, and is in the middle most of the time.
  writeFileSync(
    path.join(dir, 'environment.ts'),
    `import { defineEnvironment, exportOutputs, localState, type StackOutput } from '@mlterra/core';
     import { DataResource } from 'cdktf';
     export default defineEnvironment({
       name: 'lab', backend: localState(), stages: { dev: { profile: 'development', settings: undefined } },
       build(stage) {
         let before: StackOutput | undefined;
         for (const name of ['a', 'b', 'c', 'd']) {
           const stack = stage.stack(name);
           new DataResource(stack, 'R', { input: { before: before?.at(stack) ?? '' } });
           before = exportOutputs(stack, { name }).name;
         }
       },
     });`,
  );
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** `mlterra rehearse` of the compiled packages, in a session of its own. */
function start(): {
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;
  output: () => string;
} {
  const child = spawn(
    process.execPath,
    [path.join(REPOSITORY, 'packages/cli/bin/mlterra.js'), 'rehearse', 'lab'],
    {
      cwd: root,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      // CI and Jest ask for colours.
      env: { ...process.env, TMPDIR: temporary, NO_COLOR: '1', FORCE_COLOR: undefined },
    },
  );
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  }
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  return { child, ended, output: () => output };
}

/** Processes that work in the folder for temporary files. */
function processesLeft(): string[] {
  return readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readlinkSync(`/proc/${pid}/cwd`).startsWith(temporary);
    } catch {
      return false;
    }
  });
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await sleep(10);
}

describe('a rehearsal that is ended in the middle', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGKILL', null],
  ] as const)('by %s leaves no process and no folder', async (signal, code) => {
    const { child, ended, output } = start();
    await until(() => output().includes('lab/dev/b plan'));
    expect(readdirSync(temporary)).toHaveLength(1);
    process.kill(child.pid!, signal);
    expect(await ended).toBe(code);
    // After a SIGKILL somebody else cleans up.
    if (signal === 'SIGKILL')
      await until(() => readdirSync(temporary).length === 0 && processesLeft().length === 0);
    expect(readdirSync(temporary)).toEqual([]);
    expect(processesLeft()).toEqual([]);
    expect(output()).not.toMatch(/lab\/dev\/d|failed|\n\s+at /);
    if (signal !== 'SIGKILL') expect(output()).toContain('error in lab: The rehearsal was stopped.\n');
  });
});
