import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** Raised whenever what is stored, or how it is read from a binding, changes. */
export const CACHE_FORMAT = 1;

/** What an entry was made from; another one makes it stale. */
export interface CacheStamp {
  readonly size: number;
  readonly mtimeMs: number;
}

/** The stored value, or undefined where there is none that is whole and current. */
export function readCache(file: string, stamp: CacheStamp): unknown {
  try {
    const entry = JSON.parse(readFileSync(file, 'utf8')) as {
      readonly format?: unknown;
      readonly stamp?: Partial<CacheStamp>;
      readonly value?: unknown;
    };
    const current =
      entry.format === CACHE_FORMAT &&
      entry.stamp?.size === stamp.size &&
      entry.stamp.mtimeMs === stamp.mtimeMs;
    return current ? entry.value : undefined;
  } catch {
    return undefined;
  }
}

/** Stores a value whole or not at all. A cache that cannot be written is no error: the next run reads again. */
export function writeCache(file: string, stamp: CacheStamp, value: unknown): void {
  const own = `${file}.${process.pid}`;
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(own, JSON.stringify({ format: CACHE_FORMAT, stamp, value }));
    renameSync(own, file);
  } catch {
    removeQuietly(own);
  }
}

function removeQuietly(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    // Where the folder is none, there is nothing to remove.
  }
}
