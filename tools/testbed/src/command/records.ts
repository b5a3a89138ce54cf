import { execFileSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { buildCache } from '../go-build';
import type { ServerName } from './servers';

/** A server that `up` has started, as long as it runs. */
export interface UpRecord {
  readonly pid: number;
  readonly exports: Readonly<Record<string, string>>;
}

/** The process that holds a server; part of its command line, by which it is known again. */
export const HOLDER = join(__dirname, '..', '..', 'dist', 'command', 'holder.js');

/** The server's record, if its process still runs. */
export function readRecord(name: ServerName): UpRecord | undefined {
  const file = recordFile(name);
  if (!existsSync(file)) return undefined;
  const record = JSON.parse(readFileSync(file, 'utf8')) as UpRecord;
  return isHolder(record.pid, name) ? record : undefined;
}

/** With secrets in it: for the own user only. */
export function writeRecord(name: ServerName, record: UpRecord): void {
  const file = recordFile(name);
  const own = `${file}.${process.pid}`;
  writeFileSync(own, JSON.stringify(record, undefined, 2), { mode: 0o600 });
  renameSync(own, file);
}

export function removeRecord(name: ServerName): void {
  rmSync(recordFile(name), { force: true });
}

/** What the server's process prints, emptied. */
export function openLog(name: ServerName): { readonly fd: number; readonly path: string; close(): void } {
  mkdirSync(folder(), { recursive: true, mode: 0o700 });
  const path = join(folder(), `${name}.log`);
  const fd = openSync(path, 'w', 0o600);
  return { fd, path, close: () => closeSync(fd) };
}

/** Forgets what a server has printed that was stopped. */
export function removeLog(name: ServerName): void {
  rmSync(join(folder(), `${name}.log`), { force: true });
}

function recordFile(name: ServerName): string {
  return join(folder(), `${name}.json`);
}

function folder(): string {
  return join(buildCache(), 'up');
}

/** Whether a process is the holder, and no later one with the same number. */
export function isHolder(pid: number, name: ServerName): boolean {
  return commandOf(pid).endsWith(`${HOLDER} ${name}`);
}

function commandOf(pid: number): string {
  try {
    return process.platform === 'linux'
      ? readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').filter(Boolean).join(' ')
      : execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).trim();
  } catch {
    return '';
  }
}
