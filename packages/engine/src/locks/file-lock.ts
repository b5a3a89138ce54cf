import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { throwIfInterrupted } from '../run/interruption';
import { processStart } from './process-start';

/** Who holds a lock. */
export interface Holder {
  readonly pid: number;
  /** When that process started: process ids are used again. */
  readonly started: string;
  readonly command: string;
  /** RFC 3339 */
  readonly since: string;
}

const POLL_MILLISECONDS = 50;

/**
 * Tries to take a lock that belongs to this process until it is released or the process ends, however it
 * ends: a lock whose process is gone is taken over. For processes of one machine.
 * @returns the function that releases it, or who holds it
 */
export function tryLock(file: string, command: string): (() => void) | Holder {
  mkdirSync(path.dirname(file), { recursive: true });
  const mine: Holder = {
    pid: process.pid,
    started: processStart(process.pid) ?? '',
    command,
    since: new Date().toISOString(),
  };
  // Written whole under a name of its own and then linked: nobody ever reads a half-written lock.
  const own = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`;
  writeFileSync(own, JSON.stringify(mine));
  try {
    for (;;) {
      try {
        linkSync(own, file);
        return () => rmSync(file, { force: true });
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
      const seen = readHolder(file);
      if (seen === undefined) continue;
      if (isAlive(seen.holder)) return seen.holder;
      takeAway(file, seen.inode, own);
    }
  } finally {
    rmSync(own, { force: true });
  }
}

/** Takes the lock, waiting for it as long as it takes, and holds it while `work` runs. */
export async function withFileLock<T>(file: string, work: () => Promise<T>): Promise<T> {
  for (;;) {
    const release = tryLock(file, path.basename(process.argv[1] ?? 'node'));
    if (typeof release === 'function') {
      try {
        return await work();
      } finally {
        release();
      }
    }
    throwIfInterrupted();
    await sleep(POLL_MILLISECONDS);
  }
}

/** Waits until the lock is free or the time is over. */
export async function lockWithin(
  file: string,
  command: string,
  seconds: number,
): Promise<(() => void) | Holder> {
  const end = performance.now() + seconds * 1000;
  for (;;) {
    const taken = tryLock(file, command);
    if (typeof taken === 'function' || performance.now() >= end) return taken;
    throwIfInterrupted();
    await sleep(POLL_MILLISECONDS);
  }
}

function readHolder(file: string): { holder: Holder | undefined; inode: number } | undefined {
  try {
    const inode = statSync(file).ino;
    return { holder: JSON.parse(readFileSync(file, 'utf8')) as Holder, inode };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    // Not a lock of ours, e.g. emptied by a full disk: nobody can hold it.
    return { holder: undefined, inode: statSync(file, { throwIfNoEntry: false })?.ino ?? 0 };
  }
}

function isAlive(holder: Holder | undefined): holder is Holder {
  return holder !== undefined && processStart(holder.pid) === holder.started;
}

/**
 * Moves a dead process's lock aside. Two may try at once, and one may already have taken the lock anew:
 * whoever moved a file away that is not the dead one puts it back.
 */
function takeAway(file: string, deadInode: number, own: string): void {
  const aside = `${own}.dead`;
  try {
    renameSync(file, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  if (statSync(aside).ino !== deadInode) {
    try {
      linkSync(aside, file);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
  rmSync(aside, { force: true });
}
