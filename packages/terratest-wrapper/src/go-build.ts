import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { goBuildFailed, goMissing } from './errors';

const run = promisify(execFile);
const POLL_MILLISECONDS = 500;

/** A program built from a Go module, which pins its version and the hash of every module. */
export interface GoProgram {
  readonly name: string;
  /** Folder with `go.mod` and `go.sum`. */
  readonly module: string;
  /** Go package with the `main` function. */
  readonly package: string;
  /** Flags of the linker. @default - without symbols */
  readonly ldflags?: string;
  /** What else can be done where there is no Go, e.g. `set MY_PROGRAM to a binary`. @default - nothing */
  readonly otherwise?: string;
}

/** Builds a program into a file, unless it is there; waits for another process that builds it at this moment. */
export async function buildOnce(program: GoProgram, binary: string): Promise<void> {
  if (existsSync(binary)) return;
  const lock = `${binary}.lock`;
  mkdirSync(dirname(binary), { recursive: true });
  while (!claim(lock)) {
    await delay(POLL_MILLISECONDS);
    if (existsSync(binary)) return;
    // Two that take over the same lock both build; the binaries are equal, and the last rename wins.
    if (!isRunning(lock)) rmSync(lock, { force: true });
  }
  try {
    if (!existsSync(binary)) await compile(program, binary);
  } finally {
    rmSync(lock, { force: true });
  }
}

function claim(lock: string): boolean {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Whether the process that made the lock still runs; a lock without content is being made. */
function isRunning(lock: string): boolean {
  try {
    const pid = readFileSync(lock, 'utf8');
    if (pid !== '') process.kill(Number(pid), 0);
    return true;
  } catch {
    return false;
  }
}

async function compile(program: GoProgram, binary: string): Promise<void> {
  const own = `${binary}.${process.pid}`;
  const ldflags = `-s -w ${program.ldflags ?? ''}`.trim();
  try {
    await run(
      'go',
      [
        'build',
        '-mod=readonly',
        '-trimpath',
        '-buildvcs=false',
        `-ldflags=${ldflags}`,
        '-o',
        own,
        program.package,
      ],
      {
        cwd: program.module,
        env: { ...process.env, CGO_ENABLED: '0', GOFLAGS: '', GOWORK: 'off' },
        maxBuffer: 64 * 1024 * 1024,
      },
    );
    renameSync(own, binary);
  } catch (error) {
    rmSync(own, { force: true });
    const { code, stderr } = error as { code?: unknown; stderr?: string };
    if (code === 'ENOENT') throw goMissing(program.name, goVersion(program), program.otherwise);
    throw goBuildFailed(program.name, stderr || String(error));
  }
}

/** As `go.mod` asks for it, e.g. `1.26.0`. */
function goVersion({ module }: GoProgram): string {
  return /^go (\S+)$/m.exec(readFileSync(join(module, 'go.mod'), 'utf8'))?.[1] ?? '1.26';
}
