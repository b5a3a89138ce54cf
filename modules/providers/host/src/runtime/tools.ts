import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { installFailed } from '../errors';
import { writeAtomically } from './atomic-file';
import { buildEnvironment, clearForBuild } from './build';
import { lastOutput, runCommand } from './command';
import type { DataFolder } from './data-folder';
import { withLock } from './lock';
import { pipEnvironment } from './package-index';
import { findPython } from './python';
import { TOOL_REQUIREMENTS } from './versions';

const INSTALL_SECONDS = 600;

/** The supervisor and the installer, in a virtual environment of their own. */
export interface Tools {
  /** Absolute path of the interpreter that programs are installed for. */
  readonly python: string;
  /** Folder with `supervisord`, `supervisorctl`, `httpok` and `uv`. */
  readonly bin: string;
}

/** Folder of the tools; another version of any of them is another folder. */
export function toolsFolder(data: DataFolder): string {
  const version = createHash('sha256').update(TOOL_REQUIREMENTS.join(' ')).digest('hex').slice(0, 12);
  return join(process.env.MLTERRA_TOOLS_DIR ?? data.path('tools'), version);
}

/** The tools, where they are complete. */
export function findTools(data: DataFolder): Tools | undefined {
  const folder = toolsFolder(data);
  const marker = join(folder, 'complete');
  // An interpreter that is gone (an upgrade of the system) leaves a dangling link.
  if (!existsSync(marker) || !existsSync(join(folder, 'bin', 'python'))) return undefined;
  return { python: readFileSync(marker, 'utf8'), bin: join(folder, 'bin') };
}

/** Installs the tools, unless they are there. */
export async function ensureTools(
  data: DataFolder,
  account: string,
  environment: NodeJS.ProcessEnv,
): Promise<Tools> {
  const found = findTools(data);
  if (found) return found;
  const folder = toolsFolder(data);
  return withLock(`${folder}.lock`, 'installing the supervisor', async () => {
    const made = findTools(data);
    if (made) return made;
    const python = await findPython(account, environment);
    console.log(`Installing the supervisor with ${python}`);
    await clearForBuild(folder);
    const pip = join(folder, 'bin', 'python');
    const run = async (program: string, args: readonly string[], variables: NodeJS.ProcessEnv) => {
      const result = await runCommand(program, args, {
        environment: buildEnvironment(folder, variables),
        timeoutSeconds: INSTALL_SECONDS,
      });
      if (result.code !== 0) throw installFailed('the supervisor', lastOutput(result));
    };
    await run(python, ['-I', '-m', 'venv', folder], environment);
    const install = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...TOOL_REQUIREMENTS];
    await run(pip, install, await pipEnvironment(pip, environment));
    writeAtomically(join(folder, 'complete'), python);
    return { python, bin: join(folder, 'bin') };
  });
}
