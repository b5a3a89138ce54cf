import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

/** Installs Python packages into a folder of their own on first use; returns the folder with their programs. */
export function installed(...requirements: readonly string[]): string {
  const cache = process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache');
  const key = createHash('sha256').update(requirements.join('\n')).digest('hex').slice(0, 12);
  const folder = join(cache, 'mlterra', 'mlflow', key);
  const bin = join(folder, 'bin');
  if (existsSync(join(folder, 'complete'))) return bin;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(dirname(folder), { recursive: true });
  const run = (program: string, ...args: string[]): unknown =>
    execFileSync(program, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  run(process.env.MLTERRA_PYTHON ?? 'python3', '-m', 'venv', folder);
  run(join(bin, 'python'), '-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', 'uv');
  run(join(bin, 'uv'), 'pip', 'install', '--quiet', '--python', join(bin, 'python'), ...requirements);
  writeFileSync(join(folder, 'complete'), '');
  return bin;
}
