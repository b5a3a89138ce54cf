import { parseStackKey } from '@mlterra/core';

/** A lock on a state, as it was seen. */
export interface StateLock {
  /** Names this very lock: whoever takes the state later has another one. */
  readonly identity: string;
  /** Who, what for and since when, in words. */
  readonly holder: string;
  /** Whether the process that took it lives; `unknown` where that cannot be told from here. */
  readonly process: 'alive' | 'dead' | 'unknown';
  /** How that is known, in words. */
  readonly evidence: string;
  /** Whether it ends with its process and not before. */
  readonly endsWithProcess: boolean;
}

/** The command that frees the lock of a stack, e.g. `npx mlterra unlock demo -c dev mlflow`. */
export function unlockCommand(key: string): string {
  const { environment, stage, stack } = parseStackKey(key)!;
  return `npx mlterra unlock ${environment} -c ${stage} ${stack}`;
}
