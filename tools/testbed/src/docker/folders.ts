import { join } from 'node:path';
import { buildCache } from '../go-build';

/**
 * Number of the engine: 0, unless `MLTERRA_TESTBED_ENGINE` (0 to 9) asks for another one. Engines of different numbers
 * run side by side and share nothing but the content of the registry. Number 0 has all images from the start; the
 * others pull them from the registry when they are used.
 */
export function engineNumber(): number {
  const given = process.env['MLTERRA_TESTBED_ENGINE'] ?? '';
  return /^[0-9]$/.test(given) ? Number(given) : 0;
}

/** A name with the engine's number, if that is not 0. */
export function numbered(name: string): string {
  return engineNumber() === 0 ? name : `${name}-${engineNumber()}`;
}

/** The folders of all engines of this machine. */
export const RUN_FOLDERS = '/run/mlterra-testbed';

/** Where the engine's sockets, locks and running things are; one engine of a number at a time on a machine. */
export function runFolder(): string {
  return join(RUN_FOLDERS, numbered('docker'));
}

export function dockerSocket(): string {
  return join(runFolder(), 'docker.sock');
}

/** Socket of the process that keeps the engine. */
export function controlSocket(): string {
  return join(runFolder(), 'control.sock');
}

/** Held by the process that keeps the engine, by flock(2): the system releases it however that process ends. */
export function lockFile(): string {
  return join(runFolder(), 'lock');
}

/** What the process that keeps the engine, the engine and the registry print. */
export function logFile(): string {
  return join(runFolder(), 'log');
}

/** What is made once and kept. */
export function dataFolder(): string {
  return join(buildCache(), 'docker-1');
}

/** Images and layers of the engine. */
export function engineFolder(): string {
  return join(dataFolder(), numbered('engine'));
}

/** Content of the registry, which engine 0 writes. */
export function registryFolder(): string {
  return join(dataFolder(), 'registry');
}
