import {
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { throwIfInterrupted } from '../run/interruption';
import { ownMark, processState, type ProcessMark } from './process-place';

/** Who holds a lock. */
export interface Holder extends ProcessMark {
  readonly command: string;
  /** RFC 3339 */
  readonly since: string;
  /** Different for every lock. */
  readonly id?: string;
}

const POLL_MILLISECONDS = 50;
const OLD_MILLISECONDS = 60_000;

export interface LockOptions {
  /**
   * What becomes of a lock whose process ran on another machine or in another container, so that nobody here can tell
   * whether it lives: it is `held`, or `taken` over. @default 'taken'
   */
  readonly elsewhere?: 'held' | 'taken';
}

/**
 * Tries to take a lock that belongs to this process until it is released or the process ends, however it
 * ends: a lock whose process is gone is taken over.
 * @returns the function that releases it, or who holds it
 */
export function tryLock(file: string, command: string, options: LockOptions = {}): (() => void) | Holder {
  // Whoever waits looks many times, and writes nothing for it.
  const held = readHolder(file)?.holder;
  if (isHeld(held, options)) return held;
  mkdirSync(path.dirname(file), { recursive: true });
  const id = randomBytes(4).toString('hex');
  const mine: Holder = { ...ownMark(), command, since: new Date().toISOString(), id };
  const text = JSON.stringify(mine);
  // Written whole under a name of its own and then linked: nobody ever reads a half-written lock.
  const own = `${file}.${process.pid}.${id}`;
  writeFileSync(own, text);
  try {
    for (;;) {
      try {
        linkSync(own, file);
        removeLeftovers(file, own);
        return () => {
          // A lock that was freed by force may be somebody else's by now.
          if (readHolder(file)?.text === text) rmSync(file, { force: true });
        };
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
      const seen = readHolder(file);
      if (seen === undefined) continue;
      if (isHeld(seen.holder, options)) return seen.holder;
      takeAway(file, seen.text, own);
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
  options: LockOptions = {},
): Promise<(() => void) | Holder> {
  const end = performance.now() + seconds * 1000;
  for (;;) {
    const taken = tryLock(file, command, options);
    if (typeof taken === 'function' || performance.now() >= end) return taken;
    throwIfInterrupted();
    await sleep(POLL_MILLISECONDS);
  }
}

/** Who holds the lock, or held it when it died; undefined where there is no lock. */
export function lockHolder(file: string): Holder | undefined {
  return readHolder(file)?.holder;
}

/** Frees a lock for good, whoever holds it, unless it changed hands since `seen`. */
export function breakLock(file: string, seen: Holder): boolean {
  const now = readHolder(file);
  if (now === undefined || JSON.stringify(now.holder) !== JSON.stringify(seen)) return false;
  takeAway(file, now.text, `${file}.${process.pid}.${randomBytes(4).toString('hex')}`);
  return true;
}

function readHolder(file: string): { readonly holder?: Holder; readonly text: string } | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    const holder: unknown = JSON.parse(text);
    if (isHolder(holder)) return { holder, text };
  } catch {
    // No JSON.
  }
  // Not a lock of ours, e.g. emptied by a full disk: nobody can hold it.
  return { text };
}

function isHolder(value: unknown): value is Holder {
  if (typeof value !== 'object' || value === null) return false;
  const { pid, started, command, since, place } = value as Record<keyof Holder, unknown>;
  const isPlace = place === undefined || (typeof place === 'object' && place !== null);
  return (
    typeof pid === 'number' && [started, command, since].every((text) => typeof text === 'string') && isPlace
  );
}

function isHeld(holder: Holder | undefined, { elsewhere = 'taken' }: LockOptions): holder is Holder {
  if (holder === undefined) return false;
  const state = processState(holder);
  return state === 'alive' || (state === 'unknown' && elsewhere === 'held');
}

/** Removes what processes left that were killed while they took this lock: their own files, named after them. */
function removeLeftovers(file: string, own: string): void {
  const prefix = `${path.basename(file)}.`;
  for (const name of readdirSync(path.dirname(file))) {
    const leftover = path.join(path.dirname(file), name);
    if (
      !name.startsWith(prefix) ||
      leftover === own ||
      !/^\d+\.[0-9a-f]{8}(\.dead)?$/.test(name.slice(prefix.length))
    )
      continue;
    // A lock on its way out names the process that held it, not the one that removes it.
    const owner = name.endsWith('.dead') ? undefined : readHolder(leftover)?.holder;
    const dead = owner === undefined ? isOld(leftover) : processState(owner) === 'dead';
    if (dead) rmSync(leftover, { force: true });
  }
}

/** Whether a file is older than anybody takes to write it. */
function isOld(file: string): boolean {
  const found = statSync(file, { throwIfNoEntry: false });
  return found !== undefined && Date.now() - found.mtimeMs > OLD_MILLISECONDS;
}

/**
 * Moves a dead process's lock aside. Two may try at once, and one may already have taken the lock again: whoever moved a
 * file away that is not the dead one puts it back.
 */
function takeAway(file: string, deadText: string, own: string): void {
  const aside = `${own}.dead`;
  try {
    renameSync(file, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  if (readHolder(aside)?.text !== deadText) {
    try {
      linkSync(aside, file);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
  rmSync(aside, { force: true });
}
