import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

/** More generations than any process has. */
const MAX_DEPTH = 64;

/**
 * Whether a process is `ancestor` or was started by it. One whose parent has ended is known by its process group:
 * the supervisor makes one for everything it starts.
 */
export function isWithin(pid: number, ancestor: number): boolean {
  let current: number | undefined = pid;
  for (let depth = 0; current !== undefined && current > 1 && depth < MAX_DEPTH; depth++) {
    const relation = relationOf(current);
    if (current === ancestor || relation?.group === ancestor) return true;
    current = relation?.parent;
  }
  return false;
}

/** The parent of a process; undefined when there is no such process. */
export function parentOf(pid: number): number | undefined {
  return relationOf(pid)?.parent;
}

/** Program and arguments of a process; empty when there is no such process. */
export function commandLine(pid: number): string {
  try {
    if (hasProc()) return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
    return ps(pid, 'command=');
  } catch {
    return '';
  }
}

interface Relation {
  readonly parent: number;
  readonly group: number;
}

function relationOf(pid: number): Relation | undefined {
  try {
    return hasProc() ? relationFromProc(pid) : relationFromPs(pid);
  } catch {
    return undefined;
  }
}

function relationFromProc(pid: number): Relation {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The name in parentheses may hold anything.
  const [, parent, group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return { parent: Number(parent), group: Number(group) };
}

function relationFromPs(pid: number): Relation {
  const [parent, group] = ps(pid, 'ppid=,pgid=').trim().split(/\s+/);
  return { parent: Number(parent), group: Number(group) };
}

function ps(pid: number, columns: string): string {
  return execFileSync('ps', ['-ww', '-o', columns, '-p', String(pid)], {
    stdio: ['ignore', 'pipe', 'ignore'],
    timeout: 20_000,
  }).toString();
}

function hasProc(): boolean {
  return existsSync('/proc/self/stat');
}
