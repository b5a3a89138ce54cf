import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import spawn from 'cross-spawn';
import { processStart } from './process-start';

/** One process for good: ids are used again. */
export interface ProcessIdentity {
  readonly pid: number;
  /** As `processStart` tells it. */
  readonly started: string;
}

const PATIENCE_MILLISECONDS = 2_000;
const POLL_MILLISECONDS = 50;

/** The process that has an id now; undefined where there is none. */
export function processWith(pid: number): ProcessIdentity | undefined {
  const started = processStart(pid);
  return started === undefined ? undefined : { pid, started };
}

/** A process and all that descend from it at this moment, itself first. Empty when it has ended. */
export function processTree(pid: number): readonly ProcessIdentity[] {
  const children = childrenByParent();
  const found: ProcessIdentity[] = [];
  const queue = [pid];
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    const process = processWith(next);
    if (process !== undefined) found.push(process);
    queue.push(...(children.get(next) ?? []));
  }
  return found;
}

/** The processes of a process group at this moment. */
export function groupMembers(group: number): readonly ProcessIdentity[] {
  return relations()
    .filter((relation) => relation.group === group)
    .flatMap(({ pid }) => processWith(pid) ?? []);
}

/** SIGKILL to a process and to all that descend from it; they are stopped first, so that none starts another meanwhile. */
export function killTree(pid: number): void {
  let tree = processTree(pid);
  for (let before = 0; tree.length > before; tree = processTree(pid)) {
    before = tree.length;
    tree.forEach((process) => send(process, 'SIGSTOP'));
  }
  tree.forEach((process) => send(process, 'SIGKILL'));
}

/** Ends processes: SIGTERM, and SIGKILL to those that do not follow it. */
export async function endProcesses(processes: readonly ProcessIdentity[]): Promise<void> {
  const alive = (): ProcessIdentity[] => processes.filter(isAlive);
  alive().forEach((process) => send(process, 'SIGTERM'));
  const end = performance.now() + PATIENCE_MILLISECONDS;
  while (alive().length > 0 && performance.now() < end) await sleep(POLL_MILLISECONDS);
  alive().forEach((process) => send(process, 'SIGKILL'));
}

export function isAlive({ pid, started }: ProcessIdentity): boolean {
  return processStart(pid) === started;
}

function send(target: ProcessIdentity, signal: NodeJS.Signals): void {
  if (!isAlive(target)) return;
  try {
    process.kill(target.pid, signal);
  } catch {
    // It ended in the meantime.
  }
}

function childrenByParent(): ReadonlyMap<number, readonly number[]> {
  const children = new Map<number, number[]>();
  for (const { pid, parent } of relations()) children.set(parent, [...(children.get(parent) ?? []), pid]);
  return children;
}

interface Relation {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
}

/** Every process. */
function relations(): readonly Relation[] {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .flatMap((name) => relationOf(Number(name)) ?? []);
  } catch {
    const { stdout = '' } = spawn.sync('ps', ['-A', '-o', 'pid=,ppid=,pgid='], { encoding: 'utf8' });
    return stdout
      .trim()
      .split('\n')
      .map((line) => {
        const [pid, parent, group] = line.trim().split(/\s+/).map(Number);
        return { pid: pid!, parent: parent!, group: group! };
      });
  }
}

/** The parent of a process; undefined where it has ended, or where the system does not tell. */
export function parentOf(pid: number): number | undefined {
  return relationOf(pid)?.parent;
}

/** Undefined where the process has ended, or where there is no /proc. */
function relationOf(pid: number): Relation | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in parentheses may hold anything.
    const [, parent, group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { pid, parent: Number(parent), group: Number(group) };
  } catch {
    return undefined;
  }
}
