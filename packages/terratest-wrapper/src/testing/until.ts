import { existsSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** Waits for a condition; the timeout of the test ends it. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await delay(20);
}

export async function fileToAppear(file: string): Promise<void> {
  await until(() => existsSync(file));
}
