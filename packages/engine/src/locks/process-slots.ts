import { availableParallelism } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CommandRequest } from '../command';
import { tryLock } from './file-lock';

const POLL_MILLISECONDS = 25;

/** How many engine processes may run at once in the workspace. */
export function slotLimit(request: Pick<CommandRequest, 'parallelism'>): number {
  const set = request.parallelism ?? Number(process.env['MLTERRA_PARALLELISM'] ?? '');
  return Number.isInteger(set) && set > 0 ? set : Math.max(2, availableParallelism());
}

/**
 * Runs `work` while holding one of the workspace's slots for engine processes. The slots are shared by all
 * processes of the workspace, as Nx runs one process per environment.
 */
export async function withSlot<T>(
  request: Pick<CommandRequest, 'workspaceRoot' | 'parallelism'>,
  work: () => Promise<T>,
): Promise<T> {
  const limit = slotLimit(request);
  const folder = path.join(request.workspaceRoot, '.mlterra', 'slots');
  for (;;) {
    for (let slot = 0; slot < limit; slot++) {
      const release = tryLock(path.join(folder, `${slot}.lock`), 'engine');
      if (typeof release !== 'function') continue;
      try {
        return await work();
      } finally {
        release();
      }
    }
    await sleep(POLL_MILLISECONDS);
  }
}
