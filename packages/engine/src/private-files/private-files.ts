import { chmodSync, lstatSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const FOLDER = 0o700;
const FILE = 0o600;
/** Group and others. */
const NOT_OWNER = 0o077;

/**
 * Makes a folder, and those above it that are missing, which only their owner can enter, whatever the umask. One that
 * exists is closed to others; a link is left as it is, and so is what it leads to.
 */
export function privateFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: FOLDER });
  close(folder);
}

/** Writes a file that only its owner can read and write, from its first byte on. One that exists is closed to others first. */
export function writePrivate(file: string, content: string | Uint8Array): void {
  close(file);
  writeFileSync(file, content, { mode: FILE });
}

/** Makes an empty file that only its owner can read and write, unless it exists. */
export function createPrivate(file: string): void {
  try {
    writeFileSync(file, '', { mode: FILE, flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

/** Takes the rights of everybody but the owner from a file or folder and all that is in it. Never follows a link. */
export function closeToOthers(place: string): void {
  const entry = close(place);
  if (entry?.isDirectory() !== true) return;
  for (const name of namesIn(place)) closeToOthers(path.join(place, name));
}

function close(place: string): ReturnType<typeof lstatSync> {
  const entry = lstatSync(place, { throwIfNoEntry: false });
  if (entry === undefined || entry.isSymbolicLink() || (entry.mode & NOT_OWNER) === 0) return entry;
  try {
    chmodSync(place, entry.mode & 0o7777 & ~NOT_OWNER);
  } catch (error) {
    // Removed in the meantime, or of another user: nothing that could be closed from here.
    if (!['ENOENT', 'EPERM', 'EROFS'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
  return entry;
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (['ENOENT', 'EACCES'].includes((error as NodeJS.ErrnoException).code ?? '')) return [];
    throw error;
  }
}
