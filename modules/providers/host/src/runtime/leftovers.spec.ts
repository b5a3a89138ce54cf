import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { endLeftovers } from './leftovers';

const started: number[] = [];

/** A shell with a child, marked; returns the pids of both. */
async function family(name: string, data: string): Promise<{ parent: number; child: number }> {
  const shell = spawn('/bin/sh', ['-c', 'sleep 600 & echo $!; wait'], {
    env: { PATH: process.env.PATH, MLTERRA_PROCESS: name, MLTERRA_PROCESS_DATA: data },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [line] = (await once(createInterface(shell.stdout), 'line')) as [string];
  shell.stdout.destroy();
  started.push(shell.pid!, Number(line));
  return { parent: shell.pid!, child: Number(line) };
}

/** A process that has ended but was not waited for counts as gone. */
function isRunning(pid: number): boolean {
  try {
    return !/^Z/.test(execFileSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' }).trim());
  } catch {
    return false;
  }
}

function run(script: string): void {
  execFileSync('/bin/sh', ['-c', `set -eu\n${script}\necho done`]);
}

afterEach(() => {
  for (const pid of started.splice(0)) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended, as it should.
    }
  }
});

it('ends the child of a killed process, and nothing else', async () => {
  const killed = await family("demo/dev/web/server's", '/data/a');
  const otherProcess = await family('demo/dev/web/server', '/data/a');
  const otherData = await family("demo/dev/web/server's", '/data/b');
  process.kill(killed.parent, 'SIGKILL');
  while (isRunning(killed.parent)) await sleep(20);
  expect(isRunning(killed.child)).toBe(true);

  run(endLeftovers("demo/dev/web/server's", '/data/a'));

  expect(isRunning(killed.child)).toBe(process.platform !== 'linux');
  for (const { parent, child } of [otherProcess, otherData]) {
    expect([isRunning(parent), isRunning(child)]).toEqual([true, true]);
  }
});

it('does nothing where nothing is left', () => {
  expect(() => run(endLeftovers('demo/dev/web/none', '/data/none'))).not.toThrow();
});
