import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { DataFolder, StackName } from './data-folder';
import { shellQuote } from './shell-quote';

/** One start of a process. */
export interface Start {
  /** Version of the process: the name of its folder. */
  readonly version: string;
  /** Seconds since 1970. */
  readonly time: number;
  /** The log file as it was: a rotated one keeps its number. */
  readonly log: { readonly inode: number; readonly bytes: number };
}

/** A file with a line for every start of a process since it was last started by an apply. */
export function startsFile(data: DataFolder, name: StackName, process: string): string {
  return join(data.processesOf(name), process, 'starts');
}

/** Starts since the process was last started by an apply, the first one included. */
export function startsOf(data: DataFolder, name: StackName, process: string): Start[] {
  const file = startsFile(data, name, process);
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line) => {
      const [, version, time, inode, bytes] = /([0-9a-f]+) (\d+) (\d+) (\d+)$/.exec(line) ?? [];
      if (version === undefined) return [];
      return [{ version, time: Number(time), log: { inode: Number(inode), bytes: Number(bytes) } }];
    });
}

export function forgetStarts(data: DataFolder, name: StackName, process: string): void {
  const file = startsFile(data, name, process);
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(file, '');
}

/** Shell commands that note a start, and where the log of the process was by then. */
export function noteStart(file: string, logFile: string, versionFolder: string): string {
  const log = shellQuote(logFile);
  return [
    `mlterra_inode=$(ls -i ${log} 2>/dev/null) || mlterra_inode=0`,
    `mlterra_bytes=$({ wc -c <${log}; } 2>/dev/null) || mlterra_bytes=0`,
    // Some of these programs put spaces before their numbers.
    'set -- $mlterra_inode',
    `printf '%s %s %s %s\\n' ${shellQuote(basename(versionFolder))} "$(date +%s)" "$1" "$((mlterra_bytes))" >>${shellQuote(file)}`,
    'set --',
    'unset mlterra_inode mlterra_bytes',
  ].join('\n');
}
