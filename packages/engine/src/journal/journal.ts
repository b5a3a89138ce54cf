import { existsSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { sync as writeFileAtomic } from 'write-file-atomic';
import { isAlive, type ProcessIdentity } from '../locks/process-tree';
import type { OpenMark } from '../digest/open-mark';
import type { KnownInstance } from '../digest/unsaved';
import { readJournalLines, type JournalFacts } from './journal-lines';

/** Files of a journal in a working folder. */
export const JOURNAL_FILES = ['journal.json', 'journal.jsonl'] as const;

/** What began. */
export interface JournalHead {
  /** Id of the run. */
  readonly run: string;
  readonly command: 'apply' | 'destroy';
  /** RFC 3339 */
  readonly since: string;
  /** The engine's process; absent until it was started. */
  readonly engine?: ProcessIdentity;
  /** Creations that runs before this one began and that nobody has ended. */
  readonly carried: readonly string[];
  /** What runs before this one created and could not save. */
  readonly created: readonly KnownInstance[];
}

export interface Journal extends JournalFacts {
  readonly head: JournalHead;
}

/**
 * What an apply or destroy of one stack began and ended: its head, and beside it what the engine itself wrote while it
 * went on. It lies in the working folder of the stack until an apply finishes.
 */
export class StackJournal {
  /** What began lies here. */
  public readonly headFile: string;
  /** The engine writes its messages here. */
  public readonly lines: string;

  public constructor(folder: string) {
    this.headFile = path.join(folder, 'journal.json');
    this.lines = path.join(folder, 'journal.jsonl');
  }

  /** What an earlier run left; undefined where the last one finished. */
  public read(): Journal | undefined {
    if (!existsSync(this.headFile)) return undefined;
    const head = headOf(readFileSync(this.headFile, 'utf8'));
    const text = existsSync(this.lines) ? readFileSync(this.lines, 'utf8') : '';
    return { head, ...readJournalLines(text, head) };
  }

  /** Notes on disk that something is about to begin. The lines of an earlier run stay until the engine writes its own. */
  public begin(head: JournalHead): void {
    writeFileAtomic(this.headFile, JSON.stringify(head), { mode: 0o600 });
  }

  /** Removes it: nothing is open. */
  public finish(): void {
    rmSync(this.lines, { force: true });
    rmSync(this.headFile, { force: true });
  }
}

/**
 * Whether a journal tells of the run whose mark is in the state. Where another run has finished since, or has begun, it
 * tells of things that are no longer so.
 */
export function isOfMark(
  journal: Journal | undefined,
  mark: Pick<OpenMark, 'run' | 'follows'> | undefined,
): journal is Journal {
  return journal !== undefined && mark !== undefined && [mark.run, mark.follows].includes(journal.head.run);
}

/** A head that is none any more says only that something began. */
function headOf(text: string): JournalHead {
  try {
    const head = JSON.parse(text) as Partial<JournalHead> | null;
    if (isHead(head)) return head;
  } catch {
    // No JSON.
  }
  return { run: '', command: 'apply', since: 'an unknown time', carried: [], created: [] };
}

function isHead(head: Partial<JournalHead> | null): head is JournalHead {
  return typeof head?.run === 'string' && Array.isArray(head.carried) && Array.isArray(head.created);
}

/** The engine of a journal where it still runs, although the run that started it is gone. */
export function livingEngine(journal: Journal | undefined): ProcessIdentity | undefined {
  const engine = journal?.head.engine;
  return engine !== undefined && isAlive(engine) ? engine : undefined;
}
