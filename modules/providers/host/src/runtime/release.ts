import { existsSync, readdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { ReleaseReport } from '@mlterra/core';
import type { DataFolder, StackName } from './data-folder';
import { endProcesses, markedProcesses } from './marked-processes';
import { fullName, isSameStack, registeredProcesses, unregister } from './registry';
import { endUnreachable, Supervisor } from './supervisor';
import { programName } from './supervisor-config';
import { withSupervisor } from './supervisor-lock';
import { findSupervisor } from './supervisor-process';
import { findTools } from './tools';

/** What a destroy keeps, by folder of the data folder. */
const KEPT = ['volumes', 'objects', 'secrets', 'logs'] as const;

/** Whether the host still has something of a stack that runs, or could run again. */
export function hasProcesses(data: DataFolder, name: StackName): boolean {
  return (
    existsSync(data.processesOf(name)) ||
    registeredProcesses(data).some((one) => isSameStack(one.name, name)) ||
    markedProcesses(data, name).length > 0
  );
}

/** Folders with data of a stack. */
export function keptFolders(data: DataFolder, name: StackName): string[] {
  return KEPT.map((kind) => data.path(kind, name.stage, name.stack)).filter((path) => existsSync(path));
}

/** Stacks of a stage of which something runs, or could run again. */
export function stacksWithProcesses(data: DataFolder, environment: string, stage: string): string[] {
  const folders = foldersIn(data.path('processes', stage));
  const registered = registeredProcesses(data)
    .filter(({ name }) => name.environment === environment && name.stage === stage)
    .map(({ name }) => name.stack);
  return [...new Set([...folders, ...registered])].sort();
}

/** Stacks of a stage of which there is anything, be it data alone. */
export function stacksWithAnything(data: DataFolder, environment: string, stage: string): string[] {
  const withData = KEPT.flatMap((kind) => foldersIn(data.path(kind, stage)));
  return [...new Set([...stacksWithProcesses(data, environment, stage), ...withData])].sort();
}

/** Ends and removes all processes of a stack; with `purge` also its data. The supervisor ends with its last process. */
export async function releaseStack(
  data: DataFolder,
  name: StackName,
  purge: boolean,
): Promise<ReleaseReport> {
  const left: string[] = [];
  const released = await withSupervisor(data, async () => {
    const processes = await endStack(data, name, left);
    const gone = processes.filter(
      (process) => !left.some((problem) => problem.startsWith(fullName(name, process))),
    );
    // Last: as long as the folder is there, the next release comes this way again.
    if (left.length === 0) rmSync(data.processesOf(name), { recursive: true, force: true });
    return gone.map((process) => `process ${fullName(name, process)}`);
  });
  if (!purge) {
    const kept = keptFolders(data, name).map((path) => `${path} (removed by destroy --purge)`);
    return { released, kept, left };
  }
  if (left.length > 0) return { released, kept: keptFolders(data, name), left };
  const purged = keptFolders(data, name);
  for (const path of purged) rmSync(path, { recursive: true, force: true });
  removeIfUnused(data);
  return { released: [...released, ...purged], kept: [], left };
}

async function endStack(data: DataFolder, name: StackName, left: string[]): Promise<string[]> {
  const tools = findTools(data);
  const supervisor = tools && new Supervisor(data, tools);
  const ended = supervisor === undefined ? await endByForce(data) : await supervisor.settle();
  const up = supervisor !== undefined && (await supervisor.isUp());
  const prefix = programName(name, '');
  const known = up ? [...(await supervisor.programs()).keys()].filter((one) => one.startsWith(prefix)) : [];
  const registered = registeredProcesses(data).filter((one) => isSameStack(one.name, name));
  for (const { process } of registered) unregister(data, name, process);
  // With nothing else to run, the end of the supervisor is the quicker way: it ends everything at once.
  if (registeredProcesses(data).length === 0) await supervisor?.shutdown();
  else if (up) await supervisor.update([...new Set([...known, ...registered.map(({ program }) => program)])]);
  // One that could not be reached was ended with the processes of the other stacks.
  else if (ended) await supervisor?.ensureUp();
  const folders = existsSync(data.processesOf(name)) ? readdirSync(data.processesOf(name)) : [];
  const names = [
    ...new Set([
      ...registered.map(({ process }) => process),
      ...known.map((program) => program.slice(prefix.length).split('.')[0]!),
      ...folders,
    ]),
  ].sort();
  for (const process of names) {
    const running = await endProcesses(() => markedProcesses(data, name, process));
    if (running.length > 0)
      left.push(`${fullName(name, process)} still runs (process ${running.join(', ')})`);
  }
  return names;
}

/** Without its tools a supervisor can be told nothing, and everything it runs would be started again. */
async function endByForce(data: DataFolder): Promise<boolean> {
  const found = await findSupervisor(data);
  if (found.kind !== 'absent') await endUnreachable(data, found.pids);
  return found.kind !== 'absent';
}

/** Whether the folder holds data or processes of any stack; without them the rest is a cache. */
export function isUsed(data: DataFolder): boolean {
  const kinds = [...KEPT, 'processes'].map((kind) => data.path(kind));
  return (
    kinds.some((kind) => foldersIn(kind).some((stage) => foldersIn(join(kind, stage)).length > 0)) ||
    registeredProcesses(data).length > 0
  );
}

/** Empties a data folder that no stack uses. */
export function removeIfUnused(data: DataFolder): void {
  if (isUsed(data)) return;
  for (const entry of readdirSync(data.root))
    rmSync(data.path(basename(entry)), { recursive: true, force: true });
}

function foldersIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
}
