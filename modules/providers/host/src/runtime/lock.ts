import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { lock } from 'proper-lockfile';
import { lockTimeout } from '../errors';

/** After this long without a sign of life the holder counts as killed. */
const STALE_MILLISECONDS = 5_000;
const WAIT_MILLISECONDS = 200;
const WAIT_SECONDS = 900;

/** Runs `action` while no other run of mlterra holds the lock in the file `path`; waits for it so long. */
export async function withLock<T>(
  path: string,
  what: string,
  action: () => Promise<T>,
  waitSeconds = WAIT_SECONDS,
): Promise<T> {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const release = await lock(path, {
    lockfilePath: path,
    realpath: false,
    stale: STALE_MILLISECONDS,
    update: STALE_MILLISECONDS / 5,
    retries: {
      retries: (waitSeconds * 1000) / WAIT_MILLISECONDS,
      factor: 1,
      minTimeout: WAIT_MILLISECONDS,
      maxTimeout: WAIT_MILLISECONDS,
    },
  }).catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'ELOCKED' ? lockTimeout(what) : error;
  });
  try {
    return await action();
  } finally {
    await release().catch(() => undefined);
  }
}
