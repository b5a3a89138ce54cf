import { availableParallelism } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pLimit, { type Limit } from 'p-limit';
import type { CommandRequest } from '../command';
import { throwIfInterrupted } from '../run/interruption';
import { environmentFolder } from '../work/environment-folder';
import { tryLock, type Holder } from './file-lock';
import { SlotWait, type SlotUse } from './slot-wait';

const POLL_MILLISECONDS = 25;

/** How many engine processes may run at once in the workspace. */
export function slotLimit(request: Pick<CommandRequest, 'parallelism'>): number {
  const set = request.parallelism ?? Number(process.env['MLTERRA_PARALLELISM'] ?? '');
  return Number.isInteger(set) && set > 0 ? set : Math.max(2, availableParallelism());
}

/**
 * Runs `work` while holding one of the workspace's slots for engine processes. The slots are shared by all
 * processes of the workspace, as Nx runs one process per environment. A wait for other runs is told.
 */
export async function withSlot<T>(
  request: Pick<CommandRequest, 'workspaceRoot' | 'parallelism'>,
  work: () => Promise<T>,
  use: SlotUse = { what: 'engine', tell: (text) => void process.stderr.write(`${text}\n`) },
): Promise<T> {
  const limit = slotLimit(request);
  const folder = path.join(environmentFolder(request.workspaceRoot), 'slots');
  const release = await turnOf(folder)(() => takeSlot(folder, limit, use));
  try {
    return await work();
  } finally {
    release();
  }
}

/** Of all that wait for a slot in this process one looks for it, the others wait for their turn: looking costs time. */
const turns = new Map<string, Limit>();

function turnOf(folder: string): Limit {
  const turn = turns.get(folder) ?? pLimit(1);
  turns.set(folder, turn);
  return turn;
}

async function takeSlot(folder: string, limit: number, use: SlotUse): Promise<() => void> {
  const wait = new SlotWait(use);
  for (;;) {
    if (use.evenWhenStopping !== true) throwIfInterrupted();
    const holders: Holder[] = [];
    for (let slot = 0; slot < limit; slot++) {
      const taken = tryLock(path.join(folder, `${slot}.lock`), use.what);
      if (typeof taken === 'function') return taken;
      holders.push(taken);
    }
    wait.look(holders);
    await sleep(POLL_MILLISECONDS);
  }
}
