import { createHash } from 'node:crypto';
import { lstatSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ownPlace } from '../locks/process-place';
import { processStart } from '../locks/process-start';

/** Longer than any of these folders is needed. */
const ABANDONED_MILLISECONDS = 3_600_000;

/**
 * Makes a folder for this process, which only its owner can enter, and removes those with the same prefix that killed
 * processes left. The caller removes it.
 * @param prefix of its name; the process is told by what follows
 */
export function temporaryFolder(prefix: string, parent = tmpdir()): string {
  removeAbandoned(prefix, parent);
  return mkdtempSync(path.join(parent, `${prefix}${markOf(process.pid)}-`));
}

/** Removes the folders of processes that are gone. Where that cannot be told from here, a folder must be old. */
function removeAbandoned(prefix: string, parent: string): void {
  for (const name of namesIn(parent)) {
    const rest = name.startsWith(prefix) ? name.slice(prefix.length) : '';
    const [, mark, pid, place] = /^((\d+)-([0-9a-f]{8})-[0-9a-f]{8})-\w{6}$/.exec(rest) ?? [];
    if (mark === undefined && !/^\w{6}$/.test(rest)) continue;
    const folder = path.join(parent, name);
    const isGone = place === placeMark() ? markOf(Number(pid)) !== mark : isAbandoned(folder);
    if (isGone) remove(folder);
  }
}

/** `<process id>-<where>-<when it started>` */
function markOf(pid: number): string {
  return `${pid}-${placeMark()}-${short([ownPlace().boot, processStart(pid)])}`;
}

function placeMark(): string {
  const { machine, host, namespace } = ownPlace();
  return short([machine ?? host, namespace]);
}

function short(parts: readonly (string | undefined)[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 8);
}

function isAbandoned(folder: string): boolean {
  const found = lstatSync(folder, { throwIfNoEntry: false });
  return found !== undefined && Date.now() - found.mtimeMs > ABANDONED_MILLISECONDS;
}

function remove(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch {
    // Of another user, or being removed by another process.
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
