import { execFile, type ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { processStart } from './process-start';
import {
  endProcesses,
  groupMembers,
  isAlive,
  killTree,
  parentOf,
  processTree,
  processWith,
  type ProcessIdentity,
} from './process-tree';

const started: ChildProcess[] = [];
const trees: ProcessIdentity[] = [];
afterEach(async () => {
  await endProcesses(trees.splice(0));
  started.length = 0;
});

/** A shell with children of its own, once they are there. */
async function shell(script: string, children: number): Promise<number> {
  const child = execFile('sh', ['-c', `exec > /dev/null 2>&1; ${script}`]);
  started.push(child);
  for (let tries = 0; processTree(child.pid!).length <= children && tries < 200; tries++) await sleep(10);
  trees.push(...processTree(child.pid!));
  return child.pid!;
}
const ended = async (pids: readonly number[]): Promise<boolean> => {
  for (let tries = 0; tries < 200 && pids.some((pid) => processStart(pid) !== undefined); tries++)
    await sleep(10);
  return pids.every((pid) => processStart(pid) === undefined);
};

it('a process is told apart from a later one of the same id', () => {
  const own = processWith(process.pid)!;
  expect(own).toEqual({ pid: process.pid, started: processStart(process.pid) });
  expect(isAlive(own)).toBe(true);
  expect(isAlive({ ...own, started: `${own.started}0` })).toBe(false);
  expect(processWith(2 ** 22 + 1)).toBeUndefined();
  expect(processStart(2 ** 22 + 1)).toBeUndefined();
  expect(processTree(2 ** 22 + 1)).toEqual([]);
});

it('a tree is a process and all that descend from it, itself first', async () => {
  const pid = await shell('sh -c "sleep 60; true" & sleep 60; true', 3);
  const tree = processTree(pid).map((process) => process.pid);
  expect(tree).toHaveLength(4);
  expect(tree[0]).toBe(pid);
  expect(parentOf(tree[1]!)).toBe(pid);
  expect(parentOf(pid)).toBe(process.pid);
  expect(tree).not.toContain(process.pid);
});

it('a tree is killed as a whole, also what does not follow a signal', async () => {
  const pid = await shell(`trap '' TERM; sh -c "trap '' TERM; sleep 60; true" & sleep 60; true`, 3);
  const tree = processTree(pid).map((process) => process.pid);
  killTree(pid);
  expect(await ended(tree)).toBe(true);
});

it('processes are asked to end first', async () => {
  const pid = await shell(`trap 'exit 3' TERM; sleep 60 & wait`, 1);
  const code = new Promise((done) => started[0]!.on('exit', done));
  await endProcesses(processTree(pid).slice(0, 1));
  expect(await code).toBe(3);
  await endProcesses([]);
});

it('and are killed where they do not', async () => {
  const pid = await shell(`trap '' TERM; sleep 60; true`, 1);
  const signal = new Promise((done) => started[0]!.on('exit', (_, name) => done(name)));
  await endProcesses(processTree(pid));
  expect(await signal).toBe('SIGKILL');
});

it('one that is another by now is left alone', async () => {
  const pid = await shell('sleep 60; true', 1);
  await endProcesses([{ pid, started: 'before' }]);
  expect(processWith(pid)).toBeDefined();
});

it('a group has its members', async () => {
  const pid = await shell('sleep 60; true', 1);
  const own = groupMembers(process.pid).map((member) => member.pid);
  expect(groupMembers(2 ** 22 + 1)).toEqual([]);
  expect(own).not.toContain(pid);
});
