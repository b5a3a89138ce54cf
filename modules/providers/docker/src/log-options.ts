import type { Profile } from '@mlterra/core';

const MAX_FILE_SIZE = '10m';

/** A profile that keeps things longer keeps more files. */
const MIN_FILES = 2;
const MAX_FILES = 20;

/** How the engine rotates what a container writes. */
export function logOptions({ retentionDays }: Profile): Record<string, string> {
  const files = Math.min(Math.max(retentionDays, MIN_FILES), MAX_FILES);
  return { 'max-size': MAX_FILE_SIZE, 'max-file': String(files) };
}
