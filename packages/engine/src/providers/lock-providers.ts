import { copyFileSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { temporaryFolder } from '../private-files/temporary-folder';
import { describeError } from '../run/guard';
import { synthesize } from '../synth/synthesize';
import { engineError } from '../terraform/diagnostics';
import { findEngine } from '../terraform/find-engine';
import { runEngine } from '../terraform/run-engine';
import type { EngineBinary } from '../terraform/engine-binary';
import { COMMITTED_LOCK, MIRROR_LOCK } from '../work/provider-lock';
import { mergeProviders } from './merge-providers';

/** Platforms that contributors and pipelines run on. */
export const LOCKED_PLATFORMS = ['linux_amd64', 'linux_arm64', 'darwin_amd64', 'darwin_arm64'] as const;

export interface LockProvidersRequest {
  /** Absolute path of the workspace. */
  readonly workspaceRoot: string;
  /** Absolute paths of the environment folders. */
  readonly environmentDirs: readonly string[];
  /** Print the raw engine log and stack traces. @default false */
  readonly verbose?: boolean;
  /**
   * Filesystem mirror with locally built providers. Their hashes differ from the registry's, so the lock goes
   * to `.mlterra/`, is not committed, and wins over the committed one on this machine. @default - the registry
   */
  readonly mirror?: string;
  /** Platforms to lock for. @default - linux and darwin, amd64 and arm64; with a mirror only this machine's */
  readonly platforms?: readonly string[];
  /** Terraform binary. @default - MLTERRA_ENGINE, else `terraform` on the PATH */
  readonly engine?: string;
}

/**
 * Writes the provider lock of each environment. Prints what it wrote; never throws.
 * @returns the exit code
 */
export async function lockProviders(request: LockProvidersRequest): Promise<number> {
  let code = 0;
  for (const dir of request.environmentDirs) {
    try {
      process.stdout.write(`${path.basename(dir)}: ${await lockEnvironment(dir, request)}\n`);
    } catch (error) {
      code = 1;
      process.stderr.write(
        `error in ${path.basename(dir)}: ${describeError(error, request.verbose).message}\n`,
      );
    }
  }
  return code;
}

async function lockEnvironment(dir: string, request: LockProvidersRequest): Promise<string> {
  const engine = findEngine(request.engine, path.join(request.workspaceRoot, '.mlterra', 'cache'));
  const providers = mergeProviders(synthesize(dir));
  if (Object.keys(providers).length === 0) return 'uses only built-in resources, needs no lock';
  const name = request.mirror === undefined ? COMMITTED_LOCK : MIRROR_LOCK;
  const target = path.join(dir, name);
  const folder = temporaryFolder('mlterra-lock-');
  try {
    writeFileSync(
      path.join(folder, 'main.tf.json'),
      JSON.stringify({ terraform: { required_providers: providers } }),
    );
    if (existsSync(target)) copyFileSync(target, path.join(folder, COMMITTED_LOCK));
    await runLock(engine, folder, request);
    mkdirSync(path.dirname(target), { recursive: true });
    copyFileSync(path.join(folder, COMMITTED_LOCK), `${target}.new`);
    renameSync(`${target}.new`, target);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return `wrote ${name} for ${Object.keys(providers).join(', ')}`;
}

async function runLock(engine: EngineBinary, cwd: string, request: LockProvidersRequest): Promise<void> {
  const platforms = request.platforms ?? (request.mirror === undefined ? LOCKED_PLATFORMS : [thisPlatform()]);
  const args = ['providers', 'lock', '-no-color', ...platforms.map((platform) => `-platform=${platform}`)];
  if (request.mirror !== undefined) args.push(`-fs-mirror=${path.resolve(request.mirror)}`);
  const onLine =
    request.verbose === true ? (line: string) => void process.stderr.write(`${line}\n`) : undefined;
  const run = await runEngine(engine, args, { cwd, onLine });
  if (run.code !== 0) throw engineError(`${engine.name} providers lock`, run.diagnostics, run.log);
}

function thisPlatform(): string {
  const cpu = process.arch === 'x64' ? 'amd64' : process.arch;
  return `${process.platform === 'win32' ? 'windows' : process.platform}_${cpu}`;
}
