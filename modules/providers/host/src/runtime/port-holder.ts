import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { listenersOn, type Listener } from './listeners';
import { isWithin } from './process-tree';

/** What listens on a port without belonging to the processes it was asked for. */
export interface Stranger {
  /** Its id; undefined where it belongs to another account. */
  readonly pid?: number;
  /** `nginx (process 42)` or `the process quickstart/dev/mlflow/server (process 42)` */
  readonly description: string;
  /** Name and data folder of the supervised process that it was once part of. */
  readonly mark?: { readonly process: string; readonly data: string };
}

/** Who listens on a port, as far as this account may see: `quickstart/dev/mlflow/server` or `nginx (process 42)`. */
export function portHolder(port: number): string | undefined {
  const pid = listenersOn(port)?.flatMap(({ pids }) => pids)[0];
  return pid === undefined ? undefined : describe(pid).description;
}

/**
 * Who listens on a port and is no part of the supervised processes `owners`.
 * @returns undefined where nobody does, and where it cannot be found out
 */
export function strangerOn(port: number, owners: readonly number[]): Stranger | undefined {
  const isForeign = ({ pids }: Listener) => !pids.some((pid) => owners.some((owner) => isWithin(pid, owner)));
  const foreign = listenersOn(port)?.find(isForeign);
  if (foreign === undefined) return undefined;
  const [pid] = foreign.pids;
  return pid === undefined ? { description: 'a process of another account' } : describe(pid);
}

function describe(pid: number): Stranger {
  const environment = read(`/proc/${pid}/environ`).split('\0');
  const value = (name: string) =>
    environment.find((entry) => entry.startsWith(`${name}=`))?.slice(name.length + 1);
  const process = value('MLTERRA_PROCESS');
  const data = value('MLTERRA_PROCESS_DATA');
  if (process !== undefined && data !== undefined) {
    return { pid, description: `the process ${process} (process ${pid})`, mark: { process, data } };
  }
  const name = nameOf(pid);
  return { pid, description: name === '' ? `process ${pid}` : `${name} (process ${pid})` };
}

function nameOf(pid: number): string {
  if (existsSync('/proc/self/comm')) return read(`/proc/${pid}/comm`).trim();
  try {
    const path = execFileSync('ps', ['-o', 'comm=', '-p', String(pid)], {
      encoding: 'utf8',
      timeout: 20_000,
    }).trim();
    return path.slice(path.lastIndexOf('/') + 1);
  } catch {
    return '';
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
