import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { lockTimeoutSeconds } from '../command';
import { engineOutlived } from '../errors';
import { livingEngine, StackJournal, type Journal } from '../journal/journal';
import { WorkDir } from '../work/work-dir';
import type { EnvironmentRun } from './context';
import { throwIfInterrupted } from './interruption';

const POLL_MILLISECONDS = 200;

/**
 * Looks after the runs from this checkout that were killed: waits for engines that still work, and reports what they did
 * while nobody was watching.
 * @throws MlterraError `run-busy` when an engine works longer than the time to wait for locks
 */
export async function settleEarlierRuns(run: EnvironmentRun): Promise<void> {
  const seconds = lockTimeoutSeconds(run.request);
  for (const [id, journal] of journals(run.environment.dir)) {
    const known = [...run.stacks.values()].find((stack) => stack.id === id);
    const key = known?.key ?? `${run.environment.name}/${id.replace('-', '/')}`;
    await ended(key, journal, seconds);
    report(run, key, new WorkDir(run.environment.dir, id).journal.read() ?? journal);
  }
}

function journals(environmentDir: string): readonly (readonly [id: string, journal: Journal])[] {
  const folder = path.join(environmentDir, '.mlterra', 'stacks');
  if (!existsSync(folder)) return [];
  return readdirSync(folder).flatMap((id) => {
    const journal = new StackJournal(path.join(folder, id)).read();
    return journal === undefined ? [] : [[id, journal] as const];
  });
}

async function ended(key: string, journal: Journal, seconds: number): Promise<void> {
  const end = performance.now() + seconds * 1000;
  for (let engine = livingEngine(journal); engine !== undefined; engine = livingEngine(journal)) {
    const { command, since } = journal.head;
    if (performance.now() >= end) throw engineOutlived(key, command, engine.pid, since);
    throwIfInterrupted();
    await sleep(POLL_MILLISECONDS);
  }
}

function report(run: EnvironmentRun, key: string, { head, events, unfinished }: Journal): void {
  const said = [...events, ...unfinished.map((address) => `${address}: its creation began and did not end`)];
  const what = said.length === 0 ? 'nothing was changed' : said.join('; ');
  run.progress.note(`${key}: the ${head.command} that began at ${head.since} was cut off: ${what}`);
}
