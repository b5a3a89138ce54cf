import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildCache } from '../go-build';

const PREFIX = 'cluster-images-';
const OWNER = 'owner';

/** The owner of a folder younger than this may be about to be noted. */
const NEW_MILLISECONDS = 60_000;

/** Makes a folder in which images are put together, by this process. */
export function newFillFolder(): string {
  const folder = mkdtempSync(join(buildCache(), PREFIX));
  writeFileSync(join(folder, OWNER), String(process.pid));
  return folder;
}

/** Removes the folders of those who were killed meanwhile: more than a gigabyte each. */
export function removeAbandonedFills(): void {
  if (!existsSync(buildCache())) return;
  for (const name of readdirSync(buildCache())) {
    const folder = join(buildCache(), name);
    if (!/^cluster-images-.{6}$/.test(name) || isUsed(folder)) continue;
    execFileSync('rm', ['-rf', '--one-file-system', folder]);
  }
}

/** By the process that made it, or by one that was started on it and outlives that. */
function isUsed(folder: string): boolean {
  try {
    const owner = ownerOf(folder);
    if (owner === undefined && Date.now() - statSync(folder).mtimeMs < NEW_MILLISECONDS) return true;
    return isAlive(owner) || commands().some((command) => command.includes(folder));
  } catch {
    // It has just been removed.
    return true;
  }
}

function ownerOf(folder: string): number | undefined {
  try {
    return Number(readFileSync(join(folder, OWNER), 'utf8')) || undefined;
  } catch {
    return undefined;
  }
}

function isAlive(pid: number | undefined): boolean {
  try {
    if (pid === undefined) return false;
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function commands(): readonly string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return readFileSync(join('/proc', pid, 'cmdline'), 'utf8');
      } catch {
        return '';
      }
    });
}
