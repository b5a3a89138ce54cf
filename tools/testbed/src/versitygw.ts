import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { buildFailed, noGo } from './errors';

const run = promisify(execFile);

/** Own `go.mod` and `go.sum`: the version is pinned there, with the hash of every module. */
const MODULE = join(__dirname, '..', 'versitygw');
const PACKAGE = 'github.com/versity/versitygw';

/**
 * Path of a versitygw binary; built on first use (a minute on two cores) and kept outside of the checkout.
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

/** Test processes that build at the same time each build their own file; the last rename wins, all are equal. */
async function build(binary: string): Promise<void> {
  const own = `${binary}.${process.pid}`;
  mkdirSync(dirname(binary), { recursive: true });
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
