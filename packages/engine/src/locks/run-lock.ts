import path from 'node:path';
import { MlterraError } from '@mlterra/core';
import { lockWithin } from './file-lock';

export interface RunLockOptions {
  /** What is run, e.g. `apply`. */
  readonly command: string;
  /** How long to wait for another run. */
  readonly waitSeconds: number;
}

/**
 * Takes the one lock of an environment's folder: two runs would write the same working folders.
 * @returns the function that releases it
 * @throws MlterraError `run-busy` when another run has it for longer than `waitSeconds`
 */
export async function acquireRunLock(environmentDir: string, options: RunLockOptions): Promise<() => void> {
  const file = path.join(environmentDir, '.mlterra', 'run.lock');
  const taken = await lockWithin(file, options.command, options.waitSeconds, { elsewhere: 'held' });
  if (typeof taken === 'function') return taken;
  throw new MlterraError({
    code: 'run-busy',
    message: `Another run has ${environmentDir}: ${taken.command}, process ${taken.pid}, since ${taken.since}.`,
    expected: 'one run per environment and checkout at a time',
    remedy: `wait until it has ended and run again, or wait longer with --lock-timeout <seconds>; if it is dead: npx mlterra unlock ${path.basename(environmentDir)}`,
  });
}
