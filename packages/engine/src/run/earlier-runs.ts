import { setTimeout as sleep } from 'node:timers/promises';
import { lockTimeoutSeconds } from '../command';
import { engineOutlived } from '../errors';
import { livingEngine, type Journal } from '../journal/journal';
import { WorkDir } from '../work/work-dir';
import type { EnvironmentRun } from './context';
import { throwIfInterrupted } from './interruption';
import { journalsOf } from './journals';
import { restoreTornStates } from './torn-state';

const POLL_MILLISECONDS = 200;

/**
 * Looks after the runs from this checkout that were killed: waits for engines that still work, and reports what they did
 * while nobody was watching.
 * @throws MlterraError `run-busy` when an engine works longer than the time to wait for locks
 */
export async function settleEarlierRuns(run: EnvironmentRun): Promise<void> {
  const seconds = lockTimeoutSeconds(run.request);
  for (const { key, id, journal } of journalsOf(run)) {
    await ended(key, journal, seconds);
    report(run, key, new WorkDir(run.environment.dir, id).journal.read() ?? journal);
  }
  // An engine that was waited for may have been killed, too.
  await restoreTornStates(run);
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
