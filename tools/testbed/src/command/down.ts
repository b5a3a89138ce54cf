import { setTimeout as delay } from 'node:timers/promises';
import { removeRunFolders, sweepUnlessKept } from '../docker/sweep';
import { stillUp } from '../errors';
import { isHolder, readRecord, removeLog, removeRecord } from './records';
import { SERVER_NAMES, type ServerName } from './servers';

const STOP_MILLISECONDS = 60_000;
const POLL_MILLISECONDS = 50;

/** Ends what `up` has started, and removes what an engine has left that was killed together with its keeper. */
export async function down(names: readonly ServerName[]): Promise<void> {
  await Promise.all(names.map(end));
  if (!names.includes('docker')) return;
  await sweepUnlessKept();
  removeRunFolders();
}

async function end(name: ServerName): Promise<void> {
  const record = readRecord(name);
  if (record === undefined) {
    removeRecord(name);
    removeLog(name);
    return;
  }
  process.kill(record.pid, 'SIGTERM');
  const deadline = Date.now() + STOP_MILLISECONDS;
  while (isHolder(record.pid, name)) {
    if (Date.now() > deadline) throw stillUp(name, record.pid);
    await delay(POLL_MILLISECONDS);
  }
  removeRecord(name);
  removeLog(name);
  console.log(`# ${name}: stopped`);
}

export function status(): void {
  for (const name of SERVER_NAMES) {
    const record = readRecord(name);
    console.log(`# ${name}: ${record ? `runs, process ${record.pid}` : 'does not run'}`);
    for (const variable of Object.keys(record?.exports ?? {})) console.log(`#   ${variable}`);
  }
}
