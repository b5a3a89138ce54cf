import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { buildOnce } from './go-build';

const MODULE = join(__dirname, '..', 'go');
const NAME = 'mlterra-terratest';

/**
 * Path of the Go program that holds Terratest. It is kept by the hash of its sources, outside of any checkout:
 * `${XDG_CACHE_HOME:-~/.cache}/mlterra/terratest-wrapper/<hash>/`. MLTERRA_TERRATEST names another one.
 */
export function helperPath(): string {
  const given = process.env['MLTERRA_TERRATEST'];
  if (given) return given;
  const cache = process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache');
  return join(cache, 'mlterra', 'terratest-wrapper', sourceHash(), NAME);
}

/** Whether the program is built, so that a call does not have to wait for that. */
export function isTerratestBuilt(): boolean {
  return existsSync(helperPath());
}

/** Builds the Go program with Terratest unless it is there: minutes the first time, with Go 1.26 or newer. */
export async function buildTerratest(): Promise<string> {
  const binary = helperPath();
  const otherwise = 'set MLTERRA_TERRATEST to the program, built elsewhere';
  await buildOnce({ name: 'the program with Terratest', module: MODULE, package: '.', otherwise }, binary);
  return binary;
}

function sourceHash(): string {
  const hash = createHash('sha256');
  for (const file of readdirSync(MODULE).sort()) {
    if (!/\.(go|mod|sum)$/.test(file)) continue;
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(MODULE, file)))
      .update('\0');
  }
  return hash.digest('hex').slice(0, 16);
}
