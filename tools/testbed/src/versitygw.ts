import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { buildFailed, noGo } from './errors';

const run = promisify(execFile);

/** Own `go.mod` and `go.sum`: the version is pinned there, with the hash of every module. */
const MODULE = join(__dirname, '..', 'versitygw');
const POLL_MILLISECONDS = 500;
const PACKAGE = 'github.com/versity/versitygw';

/**
 * Path of a versitygw binary; built on first use (two minutes on two cores) and kept outside of the checkout.
 */
export async function versitygwBinary(): Promise<string> {
  const given = process.env['MLTERRA_TESTBED_VERSITYGW'];
  if (given) return given;
  const cache = process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache');
  const binary = join(cache, 'mlterra', 'testbed', `versitygw-${pinnedVersion()}`, 'versitygw');
  if (!existsSync(binary)) await build(binary);
  return binary;
}

function pinnedVersion(): string {
  const text = readFileSync(join(MODULE, 'go.mod'), 'utf8');
  const version = new RegExp(`${PACKAGE} (v\\S+)`).exec(text)?.[1];
  if (version === undefined) throw buildFailed('versitygw', `${PACKAGE} is not in go.mod`);
  return version;
}

/** Builds, or waits for the test process that builds at this moment. */
async function build(binary: string): Promise<void> {
  const lock = `${binary}.lock`;
  mkdirSync(dirname(binary), { recursive: true });
  while (!claim(lock)) {
    await delay(POLL_MILLISECONDS);
    if (existsSync(binary)) return;
    // Two that take over the same lock both build; the binaries are equal, and the last rename wins.
    if (!isRunning(lock)) rmSync(lock, { force: true });
  }
  try {
    if (!existsSync(binary)) await compile(binary);
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

async function compile(binary: string): Promise<void> {
  const own = `${binary}.${process.pid}`;
  try {
    await run(
      'go',
      ['build', '-mod=readonly', '-trimpath', '-ldflags=-s -w', '-o', own, `${PACKAGE}/cmd/versitygw`],
      {
        cwd: MODULE,
        env: { ...process.env, CGO_ENABLED: '0', GOFLAGS: '', GOWORK: 'off' },
        maxBuffer: 64 * 1024 * 1024,
      },
    );
    renameSync(own, binary);
  } catch (error) {
    rmSync(own, { force: true });
    const { code, stderr } = error as { code?: unknown; stderr?: string };
    if (code === 'ENOENT') throw noGo();
    throw buildFailed('versitygw', stderr || String(error));
  }
}
