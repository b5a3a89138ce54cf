import { join } from 'node:path';
import { buildCache } from '../go-build';

/** Where the engine's sockets, locks and running things are; one engine at a time on a machine. */
export const RUN_FOLDER = '/run/mlterra-testbed/docker';

export const DOCKER_SOCKET = join(RUN_FOLDER, 'docker.sock');

/** Socket of the process that keeps the engine. */
export const CONTROL_SOCKET = join(RUN_FOLDER, 'control.sock');

/** Held by the process that keeps the engine, by flock(2): the system releases it however that process ends. */
export const LOCK_FILE = join(RUN_FOLDER, 'lock');

/** What the process that keeps the engine, the engine and the registry print. */
export const LOG_FILE = join(RUN_FOLDER, 'log');

/** Images, layers and the registry's content: kept, so that images are made once. */
export function dataFolder(): string {
  return join(buildCache(), 'docker-1');
}

export function registryFolder(): string {
  return join(dataFolder(), 'registry');
}
