import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The release whose checks count; a newer one has more of them. */
const CHECKOV_VERSION = '3.3.30';

/** What checkov found wrong. */
export interface Finding {
  /** e.g. `CKV_GCP_29` */
  readonly check: string;
  /** The rule in words. */
  readonly rule: string;
  /** As checkov names it, e.g. `resource.artifacts_Resource_1` or `Deployment.dev-mlflow.server`. */
  readonly resource: string;
  /** File relative to the folder that was scanned. */
  readonly file: string;
}

/** `checkov -o json`: one report, or one for each framework; only the fields that are used. */
interface Report {
  readonly check_type?: string;
  readonly results?: { readonly failed_checks: readonly FailedCheck[] };
  readonly summary?: { readonly passed: number };
}

interface FailedCheck {
  readonly check_id: string;
  readonly check_name: string;
  readonly resource: string;
  readonly file_path: string;
}

export interface Scan {
  readonly findings: readonly Finding[];
  /** Number of checks that held. */
  readonly passed: number;
}

/** Scans a folder, offline. checkov passes over files it cannot read: see that `passed` is not 0. */
export async function scanFolder(folder: string, frameworks: readonly string[]): Promise<Scan> {
  const args = ['--directory', folder, '--framework', ...frameworks];
  const { stdout } = await run(
    await pythonWithCheckov(),
    [
      '-m',
      'checkov.main',
      ...args,
      '--output',
      'json',
      '--compact',
      '--quiet',
      '--soft-fail',
      '--skip-download',
    ],
    // Anything else in the environment (keys of a platform, proxies) is not its business.
    { env: { PATH: process.env['PATH'], HOME: folder, LOG_LEVEL: 'ERROR' }, maxBuffer: 64 * 1024 * 1024 },
  );
  const parsed = JSON.parse(stdout) as Report | Report[];
  const reports = Array.isArray(parsed) ? parsed : [parsed];
  return {
    findings: reports
      .flatMap(({ results }) => results?.failed_checks ?? [])
      .map((failed) => ({
        check: failed.check_id,
        rule: failed.check_name,
        resource: failed.resource,
        file: failed.file_path.replace(/^\//, ''),
      })),
    passed: reports.reduce((sum, { summary }) => sum + (summary?.passed ?? 0), 0),
  };
}

/** Installed on first use (half a minute) and kept outside of the checkout. */
async function pythonWithCheckov(): Promise<string> {
  const cache = process.env['XDG_CACHE_HOME'] || path.join(homedir(), '.cache');
  const folder = path.join(cache, 'mlterra', `checkov-${CHECKOV_VERSION}`);
  const python = path.join(folder, 'bin', 'python');
  if (existsSync(python)) return python;
  mkdirSync(path.dirname(folder), { recursive: true });
  const tools = mkdtempSync(path.join(path.dirname(folder), 'checkov-'));
  try {
    await run('python3', ['-m', 'venv', path.join(tools, 'uv')]);
    await run(path.join(tools, 'uv/bin/pip'), ['install', '--quiet', 'uv']);
    const uv = path.join(tools, 'uv/bin/uv');
    const made = path.join(tools, 'venv');
    await run(uv, ['venv', '--quiet', made]);
    const target = path.join(made, 'bin/python');
    await run(uv, ['pip', 'install', '--quiet', '--python', target, `checkov==${CHECKOV_VERSION}`]);
    // A folder that is there is complete; it is never run by its scripts, which would name the old folder.
    renameSync(made, folder);
  } catch (error) {
    if (existsSync(python)) return python;
    throw new Error(`checkov ${CHECKOV_VERSION} cannot be installed into ${folder}`, { cause: error });
  } finally {
    rmSync(tools, { recursive: true, force: true });
  }
  return python;
}
