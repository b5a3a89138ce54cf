import type { Profile } from '@mlterra/core';
import type { ComposeLogging } from './document';

const MAX_FILE_SIZE = '10m';
const MIN_FILES = 3;
const MAX_FILES = 20;

/** Logs of a container stay on its machine and are rotated; the longer a profile keeps logs, the more files there are. */
export function logging({ retentionDays }: Profile): ComposeLogging {
  const files = Math.min(Math.max(Math.ceil(retentionDays), MIN_FILES), MAX_FILES);
  return { driver: 'json-file', options: { 'max-size': MAX_FILE_SIZE, 'max-file': String(files) } };
}
