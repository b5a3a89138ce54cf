import { setTimeout as sleep } from 'node:timers/promises';

/** Waits for a condition; throws, with the words for it, where it does not come about. */
export async function until(
  what: string,
  condition: () => boolean | Promise<boolean>,
  seconds = 90,
): Promise<void> {
  for (const end = Date.now() + seconds * 1000; Date.now() < end; await sleep(200)) {
    if (await condition()) return;
  }
  throw new Error(`not within ${seconds} s: ${what}`);
}
