import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { stateCorrupt, stateUnreadable } from '../errors';
import { describeLock } from './lock-info';
import { parseState, type ParsedState } from './state-file';
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
    const lock = await textOf(join(dirname(file), `.${basename(file)}.lock.info`));
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

  public async close(): Promise<void> {
    // Nothing is held open.
  }

  /** Terraform runs in `<environment>/.mlterra/stacks/<id>`, and the path counts from there. */
  private file(location: Local): string {
    return resolve(this.environmentDir, '.mlterra', 'stacks', 'any', location.path);
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
