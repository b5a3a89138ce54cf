import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { notUp } from '../errors';
import { HOLDER, openLog, readRecord, type UpRecord } from './records';
import { serverKind, type ServerName } from './servers';

const POLL_MILLISECONDS = 50;

/**
 * Starts servers that outlive this process, or finds those that run. Standard output is for a shell:
 * `eval "$(npm run --silent testbed -- up docker)"`.
 */
export async function up(names: readonly ServerName[]): Promise<void> {
  for (const name of names) {
    const refusal = serverKind(name).refusal?.();
    if (refusal) throw refusal;
  }
  const printed = new Set<string>();
  for (const name of names) {
    const begin = performance.now();
    const found = readRecord(name);
    const { exports } = found ?? (await start(name));
    const seconds = ((performance.now() - begin) / 1000).toFixed(1);
    console.log(`# ${name}: ${found ? 'runs already' : `started in ${seconds} s`}`);
    const lines = Object.entries(exports).map(([variable, value]) => `export ${variable}=${quote(value)}`);
    for (const line of lines.filter((one) => !printed.has(one))) {
      printed.add(line);
      console.log(line);
    }
  }
}

async function start(name: ServerName): Promise<UpRecord> {
  const log = openLog(name);
  const holder = spawn(process.execPath, [HOLDER, name], {
    cwd: '/',
    detached: true,
    stdio: ['ignore', log.fd, log.fd],
    env: { ...process.env },
  });
  log.close();
  let shown = 0;
  for (;;) {
    // Somebody may take the servers down at this moment, and their logs.
    const printed = existsSync(log.path) ? readFileSync(log.path, 'utf8') : '';
    if (holder.exitCode !== null || holder.signalCode !== null) throw notUp(name, printed);
    process.stderr.write(printed.slice(shown).replace(/^(?=.)/gm, '# '));
    shown = printed.length;
    const record = readRecord(name);
    if (record?.pid === holder.pid && record !== undefined) {
      holder.unref();
      return record;
    }
    await delay(POLL_MILLISECONDS);
  }
}

function quote(value: string): string {
  return /^[\w./:@%+=,-]+$/.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`;
}
