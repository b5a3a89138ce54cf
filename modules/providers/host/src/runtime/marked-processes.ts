import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DataFolder, StackName } from './data-folder';
import { fullName } from './registry';

const TERM_SECONDS = 15;

/**
 * Processes of a stack that still run, whoever started them: everything under the supervisor carries its name
 * in a variable and hands it on. Finds what a killed supervisor has left behind.
 */
export function markedProcesses(data: DataFolder, name: StackName, process?: string): number[] {
  const mark = `MLTERRA_PROCESS=${fullName(name, process ?? '')}`;
  const place = `MLTERRA_PROCESS_DATA=${data.root}`;
  const isMarked = (environment: readonly string[]): boolean =>
    environment.includes(place) &&
    environment.some((entry) => (process === undefined ? entry.startsWith(mark) : entry === mark));
  return processesWhere(isMarked);
}

/** Processes with one variable and without another, each given as `NAME=value`. */
export function processesWith(variable: string, without?: string): number[] {
  return processesWhere(
    (environment) =>
      environment.includes(variable) && (without === undefined || !environment.includes(without)),
  );
}

function processesWhere(isMarked: (environment: readonly string[]) => boolean): number[] {
  return existsSync('/proc/self/environ') ? fromProc(isMarked) : fromPs(isMarked);
}

/** Ends processes, by force after a while. Returns those that are still there. */
export async function endProcesses(find: () => number[]): Promise<number[]> {
  let running = find();
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    if (running.length === 0) return [];
    for (const pid of running) send(pid, signal);
    const end = Date.now() + TERM_SECONDS * 1000;
    while ((running = find()).length > 0 && Date.now() < end) await sleep(100);
  }
  return running;
}

/** Whether a process runs; one that has ended and was not waited for does not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat[stat.lastIndexOf(')') + 2] !== 'Z';
  } catch {
    return !existsSync('/proc/self/stat');
  }
}

/** Sends a signal, unless the process has ended. */
export function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended meanwhile.
  }
}

function fromProc(isMarked: (environment: readonly string[]) => boolean): number[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .filter((pid) => {
      try {
        return isMarked(readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0'));
      } catch {
        return false;
      }
    })
    .map(Number);
}

function fromPs(isMarked: (environment: readonly string[]) => boolean): number[] {
  const lines = execFileSync('ps', ['-axEww', '-o', 'pid=,command='], {
    stdio: ['ignore', 'pipe', 'ignore'],
    timeout: 20_000,
  });
  return lines
    .toString()
    .split('\n')
    .filter((line) => isMarked(line.split(' ')))
    .map((line) => Number(line.trim().split(' ')[0]));
}
