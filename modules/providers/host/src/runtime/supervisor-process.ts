import { existsSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DataFolder } from './data-folder';
import { isAlive, processesWith, send } from './marked-processes';
import { commandLine, parentOf } from './process-tree';

const START_SECONDS = 20;

/** A supervisor that was told to end waits for its processes, a database server for its checkpoint. */
export const SHUTDOWN_SECONDS = 90;

/** Variable by which the supervisor of a data folder is known, whether it answers or not. */
export const SUPERVISOR_MARK = 'MLTERRA_SUPERVISES';

/** What is found of the supervisor of a data folder. */
export type FoundSupervisor =
  /** None runs. */
  | { readonly kind: 'absent' }
  /** It answers on its socket. There may be a second one, which does not. */
  | { readonly kind: 'up'; readonly pids: readonly number[] }
  /** It runs, and cannot be reached: its socket was removed. */
  | { readonly kind: 'unreachable'; readonly pids: readonly number[] };

/**
 * Looks for the supervisor of a data folder by its mark, so that one whose socket, pid file or configuration was
 * lost is found too. Waits for one that is starting: whoever started it may have been killed.
 */
export async function findSupervisor(data: DataFolder): Promise<FoundSupervisor> {
  await waitUntil(async () => (await isSupervisorUp(data)) || !isStarting(data), START_SECONDS);
  const up = await isSupervisorUp(data);
  const pids = supervisorPids(data);
  if (up) return { kind: 'up', pids };
  return pids.length === 0 ? { kind: 'absent' } : { kind: 'unreachable', pids };
}

/** Whether the supervisor of this data folder answers. */
export function isSupervisorUp(data: DataFolder): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(data.socket);
    const end = (up: boolean) => {
      socket.destroy();
      resolve(up);
    };
    socket.once('connect', () => end(true)).once('error', () => end(false));
  });
}

/** Ends supervisors with everything they run, by force after a while. Returns those that still run. */
export async function endSupervisors(pids: readonly number[]): Promise<number[]> {
  let running = [...pids];
  for (const [signal, seconds] of [
    ['SIGTERM', SHUTDOWN_SECONDS],
    ['SIGKILL', START_SECONDS],
  ] as const) {
    for (const pid of running) send(pid, signal);
    await waitUntil(() => {
      running = running.filter(isAlive);
      return Promise.resolve(running.length === 0);
    }, seconds);
  }
  return running;
}

/** Ids of the processes that are a supervisor of this data folder. */
export function supervisorPids(data: DataFolder): number[] {
  // What it runs has its variables too, and one of its own; between fork and exec it has the same ones.
  const marked = processesWith(`${SUPERVISOR_MARK}=${data.root}`, 'SUPERVISOR_ENABLED=1');
  const pids = marked.filter((pid) => !marked.includes(parentOf(pid) ?? 0));
  const noted = notedPid(data);
  // Where the variables of a process cannot be read, its command line must do: the number may be another's by now.
  if (pids.length > 0 || noted === undefined || !commandLine(noted).includes(mainConfigFile(data)))
    return pids;
  return [noted];
}

/** Configuration file of the supervisor. */
export function mainConfigFile(data: DataFolder): string {
  return data.path('supervisor', 'supervisord.conf');
}

/** It writes its pid file when its socket is open. */
function isStarting(data: DataFolder): boolean {
  const noted = notedPid(data);
  return supervisorPids(data).some((pid) => pid !== noted);
}

function notedPid(data: DataFolder): number | undefined {
  if (!existsSync(data.pidFile)) return undefined;
  const pid = Number(readFileSync(data.pidFile, 'utf8').trim());
  return Number.isInteger(pid) && pid > 1 ? pid : undefined;
}

/** Whether a condition came true within the time. */
export async function waitUntil(condition: () => Promise<boolean>, seconds: number): Promise<boolean> {
  const end = Date.now() + seconds * 1000;
  while (!(await condition())) {
    if (Date.now() > end) return false;
    await sleep(50);
  }
  return true;
}
