import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { OpenMark } from '../digest/open-mark';
import { isAlive, type ProcessIdentity } from '../locks/process-tree';
import { processStart } from '../locks/process-start';

/** One command on one environment, as states and journals name it. */
export interface RunIdentity {
  readonly run: string;
  readonly host: string;
  readonly process: ProcessIdentity;
}

/** Runs of this process that have not ended. */
const active = new Set<string>();

/** A new identity; `end` says that the run is over. */
export function beginRun(): RunIdentity & { readonly end: () => void } {
  const run = randomUUID();
  active.add(run);
  return {
    run,
    host: hostname(),
    process: { pid: process.pid, started: processStart(process.pid) ?? '' },
    end: () => void active.delete(run),
  };
}

/** Whether the run of a mark is going on right now, as far as this machine can tell. */
export function isUnderWay(mark: OpenMark, own: RunIdentity): boolean {
  if (mark.ended === true || mark.run === own.run || mark.host !== own.host) return false;
  return mark.process.pid === process.pid ? active.has(mark.run) : isAlive(mark.process);
}
