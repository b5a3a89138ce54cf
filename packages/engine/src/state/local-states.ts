import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { stateCorrupt, stateUnreadable } from '../errors';
import type { Life } from './engine-processes';
import { fileHolder } from './file-holder';
import { describeLock } from './lock-info';
import { localStateFile } from './private-state';
import { parseState, type ParsedState } from './state-file';
import type { StateLock } from './state-lock';
import { keyAt, keyPattern, type LocationOf, type StateRead, type StateStore } from './state-store';

type Local = LocationOf<'local'>;

/** Terraform writes a state in place: while it does, a reader may find a part of it. */
const ATTEMPTS = 4;
const PAUSE_MILLISECONDS = 50;

/** States in files. */
export class LocalStates implements StateStore<Local> {
  public constructor(private readonly environmentDir: string) {}

  public async read(location: Local): Promise<StateRead> {
    const file = this.file(location);
    const lock = await textOf(lockFile(file));
    const parsed = await this.parsed(file, lock === undefined ? 1 : ATTEMPTS);
    if (parsed?.kind !== 'state' || lock === undefined) return parsed ?? { kind: 'absent' };
    // The lock itself is the kernel's and ends with its process; the file beside it outlives a killed one.
    return { ...parsed, staleLock: describeLock(lock) };
  }

  public async list(environment: string, place: (key: string) => Local): Promise<readonly string[]> {
    const pattern = keyPattern(environment, (key) => this.file(place(key)));
    let names: readonly string[];
    try {
      names = await readdir(pattern.before, { recursive: true });
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return [];
      throw stateUnreadable(pattern.before, error);
    }
    return names
      .map((name) => keyAt(join(pattern.before, name), environment, pattern))
      .filter((key) => key !== undefined)
      .sort();
  }

  public async lock(location: Local): Promise<StateLock | undefined> {
    const file = this.file(location);
    const text = await textOf(lockFile(file));
    const holder = fileHolder(file);
    if (text === undefined && (holder === 'none' || holder === 'unknown')) return undefined;
    return {
      identity: text ?? '',
      holder: text === undefined ? 'somebody; the lock says nothing more' : describeLock(text),
      endsWithProcess: typeof holder === 'number',
      ...lifeOfHolder(holder),
    };
  }

  /** Removes what a killed run left beside a state. The lock itself is the kernel's and ends with its process. */
  public async unlock(location: Local, lock: StateLock): Promise<'freed' | 'changed'> {
    const now = await this.lock(location);
    if (now === undefined || now.identity !== lock.identity || now.endsWithProcess) return 'changed';
    await rm(lockFile(this.file(location)), { force: true });
    return 'freed';
  }

  public async close(): Promise<void> {
    // Nothing is held open.
  }

  private file(location: Local): string {
    return localStateFile(this.environmentDir, location);
  }

  private async parsed(file: string, attempts: number): Promise<ParsedState | undefined> {
    const text = await textOf(file);
    if (text === undefined) return undefined;
    if (text === '' && (await neverWritten(file))) return undefined;
    try {
      return parseState(text, { name: file, earlier: `the file ${file}.backup` });
    } catch (error) {
      if (attempts <= 1) throw error;
    }
    await delay(PAUSE_MILLISECONDS);
    return this.parsed(file, attempts - 1);
  }
}

/**
 * Terraform makes an empty file before its first write, in order to lock it, and leaves that behind when it is
 * killed. A file that was emptied later has been changed since it was made, or has a backup beside it.
 */
async function neverWritten(file: string): Promise<boolean> {
  const { birthtimeNs, mtimeNs } = await stat(file, { bigint: true });
  return birthtimeNs === mtimeNs && (await textOf(`${file}.backup`)) === undefined;
}

/** Where Terraform notes who holds the lock on a local state. */
function lockFile(file: string): string {
  return join(dirname(file), `.${basename(file)}.lock.info`);
}

function lifeOfHolder(holder: ReturnType<typeof fileHolder>): Life {
  if (holder === 'none')
    return { process: 'dead', evidence: 'no process holds the state; its lock ended with it' };
  if (holder === 'unknown')
    return { process: 'unknown', evidence: 'whether it lives cannot be told on this system' };
  const who = holder === 0 ? 'a process in another container' : `process ${holder} on this machine`;
  return { process: 'alive', evidence: `${who} holds the state` };
}

async function textOf(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    if (codeOf(error) === 'EISDIR') throw stateCorrupt(file, 'is a folder', `the file ${file}.backup`);
    throw stateUnreadable(file, error);
  }
}

function codeOf(error: unknown): unknown {
  return (error as NodeJS.ErrnoException).code;
}
