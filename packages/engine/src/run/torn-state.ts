import { existsSync, readFileSync, rmSync } from 'node:fs';
import { MlterraError, type StateLocation } from '@mlterra/core';
import { sync as writeFileAtomic } from 'write-file-atomic';
import { readStamp } from '../digest/stamp';
import { isOfMark, livingEngine, type Journal } from '../journal/journal';
import { writePrivate } from '../private-files/private-files';
import { localStateFile } from '../state/private-state';
import { parseState } from '../state/state-file';
import type { EnvironmentRun } from './context';
import { journalsOf } from './journals';

/**
 * Terraform writes a local state in place, so a kill may leave it empty or in part. Where the run that was killed has a
 * journal here, the state from before it is put back: the journal says what it has done since, as for a server that was not
 * told of it. Without a journal the error about the state stands.
 */
export async function restoreTornStates(run: EnvironmentRun): Promise<void> {
  for (const { key, journal } of journalsOf(run)) {
    const location = run.stacks.get(key)?.location ?? run.environment.definition.backend.location(key);
    if (location.type !== 'local' || livingEngine(journal) !== undefined) continue;
    if (!(await isTorn(run, location)) || (await run.reader.lock(location))?.process === 'alive') continue;
    const file = localStateFile(run.environment.dir, location);
    const before = stateBefore(`${file}.backup`, journal);
    if (before === undefined) continue;
    if (before === '') rmSync(file);
    else {
      // A kill in between must not leave the stack without a state: it would count as new.
      writePrivate(`${file}.cut-off`, readFileSync(file));
      writeFileAtomic(file, before, { mode: 0o600 });
    }
    run.progress.note(
      `${key}: its state was being written when the ${journal.head.command} of ${journal.head.since} was killed; the one from before is back, and the next apply takes up what was done since`,
    );
  }
}

/** Whether a state is there and is none: cut off, or emptied. */
export async function isTorn(run: EnvironmentRun, location: StateLocation): Promise<boolean> {
  try {
    await run.reader.read(location);
    return false;
  } catch (error) {
    return MlterraError.is(error) && error.code === 'state-corrupt';
  }
}

/** The text of the state that the killed run began with; empty where it began with none, undefined where that is not known. */
function stateBefore(backup: string, journal: Journal): string | undefined {
  const hasBegun = journal.head.engine !== undefined;
  if (!existsSync(backup)) return hasBegun ? undefined : '';
  const text = readFileSync(backup, 'utf8');
  if (text === '') return hasBegun ? undefined : '';
  try {
    const parsed = parseState(text, { name: backup, earlier: 'an earlier backup' });
    if (parsed.kind !== 'state') return undefined;
    // Before the engine was started to change something, only the mark was being written.
    const isOfRun = isOfMark(journal, readStamp(parsed.state)?.open);
    return isOfRun || !hasBegun ? text : undefined;
  } catch {
    return undefined;
  }
}
