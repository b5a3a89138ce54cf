import { execFile } from 'node:child_process';
import { chmodSync, cpSync, readdirSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { moduleFailed } from './errors';

const run = promisify(execFile);

/** A Go module whose content is used as it is. */
export interface GoModule {
  /** Path and version: `github.com/rclone/rclone@v1.72.0`. */
  readonly module: string;
  /** Hash of its content, as in a `go.sum`. */
  readonly sum: string;
}

/** Folder of a module in Go's cache, downloaded when it is not there; its content is what the hash says. */
export async function goModule({ module, sum }: GoModule): Promise<string> {
  try {
    // Outside of a module, so that none of its settings count.
    const env = { ...process.env, GOFLAGS: '', GOWORK: 'off' };
    const { stdout } = await run('go', ['mod', 'download', '-json', module], { cwd: tmpdir(), env });
    const { Dir, Sum } = JSON.parse(stdout) as { Dir: string; Sum: string };
    if (Sum !== sum) throw moduleFailed(module, `Its hash is ${Sum}, not ${sum}.`);
    return Dir;
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: string; stderr?: string };
    if (stdout === undefined) throw error;
    throw moduleFailed(module, `${stdout}${stderr}`);
  }
}

/** Copies a folder of a module, whose files are read-only. */
export function copyWritable(source: string, target: string): void {
  cpSync(source, target, { recursive: true });
  chmodSync(target, 0o755);
  for (const name of readdirSync(target, { recursive: true }) as string[]) {
    const path = join(target, name);
    chmodSync(path, statSync(path).isDirectory() ? 0o755 : 0o644);
  }
}
