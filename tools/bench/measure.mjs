import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '../..');

/** Runs a command to its end and gives its wall time and standard output; throws when it fails. */
export function measure(cwd, command, ...args) {
  const start = performance.now();
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    env: { ...process.env, NX_DAEMON: 'false' },
  });
  const wallSeconds = (performance.now() - start) / 1000;
  if (status !== 0) {
    throw new Error(`${[command, ...args].join(' ')} failed in ${cwd}:\n${error ?? ''}${stdout}${stderr}`);
  }
  return { wallSeconds, stdout };
}

/** Runs `mlterra … --json` from this checkout's or a clone's compiled packages. */
export function mlterra(checkout, cwd, ...args) {
  const command = join(checkout, 'packages/cli/bin/mlterra.js');
  const { wallSeconds, stdout } = measure(cwd, process.execPath, command, ...args, '--json');
  const { environments, engineSeconds } = JSON.parse(stdout);
  return {
    wallSeconds,
    engineSeconds,
    statuses: environments.flatMap(({ stacks }) => stacks.map(({ status }) => status)),
  };
}

export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

/** Prints rows as a table and writes them, with what they were measured on, to `tmp/`. */
export function report(name, rows) {
  console.table(
    rows.map((row) =>
      Object.fromEntries(
        Object.entries(row).map(([key, value]) => [
          key,
          typeof value === 'number' ? Number(value.toFixed(2)) : value,
        ]),
      ),
    ),
  );
  const file = join(root, 'tmp', `bench-${name}.json`);
  mkdirSync(dirname(file), { recursive: true });
  const machine = { node: process.version, platform: process.platform, cores: availableParallelism() };
  writeFileSync(file, `${JSON.stringify({ machine, rows }, null, 2)}\n`);
  console.log(`written to ${file}`);
}
