import { readStamp } from '../digest/stamp';
import { unprovisioned } from '../digest/unprovisioned';
import { NOTHING_UNSAVED, unsavedWork, type Unsaved } from '../digest/unsaved';
import { isOfMark, livingEngine } from '../journal/journal';
import type { ProcessIdentity } from '../locks/process-tree';
import type { StateFile } from '../state/state-file';
import type { SynthesizedStack } from '../synth/synthesize';
import { WorkDir } from '../work/work-dir';
import type { EnvironmentRun } from './context';

/** What a killed run left of a stack for the next one to put right. */
export interface CutOff {
  /** Addresses of instances that must be replaced, because their creation began and was not seen to end. */
  readonly replace: readonly string[];
  /** What was done and could not be saved. */
  readonly unsaved: Omit<Unsaved, 'reasons'>;
  /** All of it in words. */
  readonly reasons: readonly string[];
  /** The engine of that run, where it still works. */
  readonly engine?: ProcessIdentity;
}

/** Compares the state of a stack with the journal in its working folder and the mark in the state. */
export function cutOff(
  run: EnvironmentRun,
  stack: Pick<SynthesizedStack, 'id'> & Partial<Pick<SynthesizedStack, 'config'>>,
  state: StateFile | undefined,
): CutOff {
  if (state === undefined) return { replace: [], unsaved: NOTHING_UNSAVED, reasons: [] };
  const stamp = readStamp(state);
  const last = new WorkDir(run.environment.dir, stack.id).journal.read();
  const journal = isOfMark(last, stamp?.open) ? last : undefined;
  const unknown = unprovisioned(state, stamp, journal);
  const { reasons, ...unsaved } = unsavedWork(state, journal, stack.config);
  return {
    replace: unknown.map(({ address }) => address),
    unsaved,
    reasons: [...unknown.map(({ reason }) => reason), ...reasons],
    engine: livingEngine(last),
  };
}
