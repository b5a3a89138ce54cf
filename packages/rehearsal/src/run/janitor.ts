/**
 * Cleans up after a rehearsal that could not do it itself. Started as `node janitor.js <folder>`; reads ids of processes,
 * one per line, and the word `keep`. When its input ends, those that still work in the folder are killed and the folder is
 * removed: the input ends with the process that started it, however that ends.
 */
import { readlinkSync, realpathSync, rmSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';

const RETRIES = 50;

const folder = process.argv[2]!;
const watched = new Set<number>();
let kept = false;

// The rehearsal decides when it is over, not the terminal.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);

createInterface({ input: process.stdin })
  .on('line', (line) => {
    if (line === 'keep') kept = true;
    else watched.add(Number(line));
  })
  .on('close', () => {
    for (const pid of watched) {
      if (!worksInFolder(pid)) continue;
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It ended in the meantime.
      }
    }
    if (!kept) rmSync(folder, { recursive: true, force: true, maxRetries: RETRIES, retryDelay: 20 });
  });

/** Process ids are used again: one that is watched works in the folder, where the system tells. */
function worksInFolder(pid: number): boolean {
  try {
    const cwd = readlinkSync(`/proc/${pid}/cwd`);
    return cwd.startsWith(realpathSync(folder) + path.sep);
  } catch (error) {
    return process.platform !== 'linux' && (error as NodeJS.ErrnoException).code === 'ENOENT';
  }
}
