import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs';
import type { Start } from './starts';

const LAST_LINES = 15;
const TAIL_BYTES = 16_384;

/** More than the supervisor keeps. */
const MAX_ROTATED = 100;

/** The last lines that a process has written since a start; rotated log files are read too. */
export function linesSince(logFile: string, start: Start): string {
  let words = '';
  for (const path of rotated(logFile)) {
    const { text, isFirst } = tail(path, start);
    words = text + words;
    if (isFirst || words.length > TAIL_BYTES) break;
  }
  return words.trimEnd().split('\n').slice(-LAST_LINES).join('\n');
}

/** The log file and its predecessors, the newest first. */
function rotated(logFile: string): string[] {
  const paths = [logFile, ...Array.from({ length: MAX_ROTATED }, (_, index) => `${logFile}.${index + 1}`)];
  return paths.filter((path) => existsSync(path));
}

/** The end of a file, without what was there before the start; `isFirst` for the one in use by then. */
function tail(path: string, start: Start): { readonly text: string; readonly isFirst: boolean } {
  const file = openSync(path, 'r');
  try {
    const { ino, size } = fstatSync(file);
    const isFirst = ino === start.log.inode;
    const from = Math.max(isFirst ? start.log.bytes : 0, size - TAIL_BYTES, 0);
    const buffer = Buffer.alloc(Math.max(size - from, 0));
    readSync(file, buffer, 0, buffer.length, from);
    return { text: buffer.toString(), isFirst };
  } finally {
    closeSync(file);
  }
}
