/*
 * Times a rehearsal of the environment gcp, all of its stages.
 *   node tools/bench/rehearsal.mjs [--runs <n>] [--cold]
 * `--cold` first forgets the schemas and the type check that are kept between runs.
 * Memory is the most that one process had, as Linux tells it in /proc.
 */
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { median, report, root } from './measure.mjs';

const POLL_MILLISECONDS = 200;
const { values } = parseArgs({
  options: { runs: { type: 'string', default: '3' }, cold: { type: 'boolean' } },
});

/** Highest memory of a process in MiB, and what it runs; undefined when it is gone. */
function look(pid) {
  try {
    const peak = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    const parent = Number(/\nPPid:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]);
    const [program] = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    return { parent, program, mebibytes: Number(peak[1]) / 1024 };
  } catch {
    return undefined;
  }
}

/** Runs a command to its end; gives wall seconds and peaks of those that served and of Terraform. */
async function run(command, ...args) {
  const start = performance.now();
  const env = { ...process.env, NX_DAEMON: 'false' };
  const child = spawn(command, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text));
  let server = 0;
  let terraform = 0;
  const poll = setInterval(() => {
    const all = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
    const seen = new Map(all.map((pid) => [Number(pid), look(pid)]));
    for (const one of seen.values()) {
      if (one === undefined || !/(^|\/)terraform$/.test(one.program)) continue;
      const parent = seen.get(one.parent);
      if (!belongsTo(child.pid, one.parent, seen)) continue;
      terraform = Math.max(terraform, one.mebibytes);
      server = Math.max(server, parent?.mebibytes ?? 0);
    }
  }, POLL_MILLISECONDS);
  const code = await new Promise((resolve) => child.on('close', resolve));
  clearInterval(poll);
  if (code !== 0) throw new Error(`${[command, ...args].join(' ')} failed:\n${output}`);
  return { wallSeconds: (performance.now() - start) / 1000, server, terraform };
}

function belongsTo(ancestor, pid, seen) {
  for (let at = pid; at > 1; at = seen.get(at)?.parent ?? 0) if (at === ancestor) return true;
  return false;
}

function forget() {
  rmSync(join(root, '.mlterra/cache/schemas'), { recursive: true, force: true });
  rmSync(join(root, 'environments/gcp/.mlterra/cache'), { recursive: true, force: true });
}

async function row(what, command, ...args) {
  const runs = [];
  for (let n = 0; n < Number(values.runs); n++) {
    if (values.cold) forget();
    runs.push(await run(command, ...args));
  }
  const of = (field) => median(runs.map((one) => one[field]));
  return {
    what: `${what}${values.cold ? ', cold' : ''} (median of ${runs.length})`,
    wallSeconds: of('wallSeconds'),
    serverMiB: of('server'),
    terraformMiB: of('terraform'),
  };
}

report('rehearsal', [
  await row('npx nx rehearse gcp', 'npx', 'nx', 'rehearse', 'gcp'),
  await row('mlterra rehearse gcp', process.execPath, 'packages/cli/bin/mlterra.js', 'rehearse', 'gcp'),
]);
