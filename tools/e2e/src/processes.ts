import { execFileSync } from 'node:child_process';

export interface RunningProcess {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
}

/** All processes of the machine. */
export function allProcesses(): RunningProcess[] {
  const table = execFileSync('ps', ['-A', '-ww', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' });
  return table.split('\n').flatMap((line) => {
    const [, pid, parent, command] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return command === undefined ? [] : [{ pid: Number(pid), parent: Number(parent), command }];
  });
}

/** Processes whose command line names the folder, with all that they started. */
export function processesOf(folder: string): RunningProcess[] {
  const all = allProcesses();
  return withDescendants(
    all,
    all.filter(({ pid, command }) => command.includes(folder) && pid !== process.pid),
  );
}

/** The process and all that it started. */
export function processTree(pid: number): RunningProcess[] {
  const all = allProcesses();
  return withDescendants(
    all,
    all.filter((one) => one.pid === pid),
  );
}

/** Ends processes by SIGKILL; those that are gone already do not matter. */
export function kill(processes: readonly RunningProcess[]): void {
  for (const { pid } of processes) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
}

function withDescendants(all: readonly RunningProcess[], roots: readonly RunningProcess[]): RunningProcess[] {
  const found = new Map(roots.map((root) => [root.pid, root]));
  for (const { pid } of found.values()) {
    for (const child of all) if (child.parent === pid) found.set(child.pid, child);
  }
  return [...found.values()];
}
