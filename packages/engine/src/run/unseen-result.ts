import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { sync as writeFileAtomic } from 'write-file-atomic';
import type { CommandResult, EnvironmentResult } from './result';

interface Unseen {
  readonly command: string;
  /** RFC 3339 */
  readonly ended: string;
  readonly lines: readonly string[];
}

const fileOf = (environmentDir: string): string => path.join(environmentDir, '.mlterra', 'unseen.json');

/** Keeps what a command did for the next one to report: whoever started it is gone. */
export function keepUnseen(environmentDir: string, result: CommandResult, name: string): void {
  const environment = result.environments.find((other) => other.name === name);
  if (environment === undefined) return;
  const unseen: Unseen = {
    command: result.command,
    ended: new Date().toISOString().replace(/\.\d+Z$/, 'Z'),
    lines: linesOf(environment),
  };
  mkdirSync(path.dirname(fileOf(environmentDir)), { recursive: true, mode: 0o700 });
  writeFileAtomic(fileOf(environmentDir), JSON.stringify(unseen), { mode: 0o600 });
}

/** What an earlier command did unseen, in one note; it is told once. */
export function takeUnseen(environmentDir: string): string | undefined {
  const file = fileOf(environmentDir);
  if (!existsSync(file)) return undefined;
  try {
    const { command, ended, lines } = JSON.parse(readFileSync(file, 'utf8')) as Unseen;
    return `an earlier ${command} lost whoever started it, and ended at ${ended}: ${lines.join('; ')}`;
  } catch {
    return undefined;
  } finally {
    rmSync(file, { force: true });
  }
}

function linesOf({ error, stacks }: EnvironmentResult): readonly string[] {
  if (error !== undefined) return [error.message];
  return stacks.map(({ key, status, error: failure }) =>
    failure === undefined ? `${key} ${status}` : `${key} ${status}: ${failure.message}`,
  );
}
