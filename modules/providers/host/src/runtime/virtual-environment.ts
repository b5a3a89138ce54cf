import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { installFailed } from '../errors';
import { writeAtomically } from './atomic-file';
import { buildEnvironment, clearForBuild } from './build';
import { lastOutput, runCommand } from './command';
import type { DataFolder } from './data-folder';
import { withLock } from './lock';
import { uvEnvironment } from './package-index';
import type { Tools } from './tools';

/** Long enough for packages of gigabytes; a network that does not answer is given up by uv itself. */
const INSTALL_SECONDS = 3_600;

/** Folder of the virtual environment with these requirements; shared by all processes that want the same. */
export function virtualEnvironmentFolder(
  data: DataFolder,
  tools: Tools,
  requirements: readonly string[],
): string {
  const key = createHash('sha256')
    .update([tools.python, ...[...requirements].sort()].join('\n'))
    .digest('hex');
  return data.path('python', key.slice(0, 16));
}

/**
 * Installs the requirements, unless they are there. It is built in place, because its scripts hold absolute
 * paths; a marker written last tells a complete one from one that was interrupted.
 */
export async function ensureVirtualEnvironment(
  data: DataFolder,
  tools: Tools,
  requirements: readonly string[],
  environment: NodeJS.ProcessEnv,
): Promise<string> {
  const folder = virtualEnvironmentFolder(data, tools, requirements);
  const marker = join(folder, 'mlterra-complete');
  const complete = () => existsSync(marker) && existsSync(join(folder, 'bin', 'python'));
  if (complete()) return folder;
  const build = async () => {
    if (complete()) return folder;
    const what = requirements.length === 0 ? 'a Python environment' : requirements.join(', ');
    console.log(`Installing ${what}`);
    await clearForBuild(folder);
    const uv = join(tools.bin, 'uv');
    const settings = buildEnvironment(folder, await uvEnvironment(join(tools.bin, 'python'), environment));
    const steps = [
      ['venv', '--quiet', '--python', tools.python, folder],
      ...(requirements.length === 0
        ? []
        : [['pip', 'install', '--quiet', '--python', join(folder, 'bin', 'python'), '--requirements', '-']]),
    ];
    for (const args of steps) {
      const input = requirements.map((line) => `${line}\n`).join('');
      const result = await runCommand(uv, args, {
        environment: settings,
        // In no project of Python, whose settings uv would read.
        cwd: '/',
        input,
        timeoutSeconds: INSTALL_SECONDS,
      });
      if (result.code !== 0) throw installFailed(what, lastOutput(result));
    }
    writeAtomically(marker, what);
    return folder;
  };
  return withLock(`${folder}.lock`, 'installing Python packages', build, INSTALL_SECONDS);
}
