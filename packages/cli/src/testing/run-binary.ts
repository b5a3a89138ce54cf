import { spawnSync } from 'node:child_process';
import path from 'node:path';

const BINARY = path.resolve(__dirname, '../../bin/mlterra.js');

export interface BinaryResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the compiled command as a person would. */
export function runBinary(cwd: string, ...args: readonly string[]): BinaryResult {
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !name.startsWith('MLTERRA_')),
  );
  const { status, stdout, stderr } = spawnSync(process.execPath, [BINARY, ...args], {
    cwd,
    env: { ...env, NO_COLOR: '1', FORCE_COLOR: undefined, COLUMNS: '100' },
    encoding: 'utf8',
  });
  return { code: status, stdout, stderr };
}
