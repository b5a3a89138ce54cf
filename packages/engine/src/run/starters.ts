import { readFileSync } from 'node:fs';
import { isAlive, parentOf, type ProcessIdentity } from '../locks/process-tree';
import { processStart } from '../locks/process-start';

/**
 * The processes of npm and Nx that started this one, up to the first npm. npm passes a signal on to its shell alone, which
 * ends without passing it on, so the end of any of them is all that is seen of the signal.
 */
export class Starters {
  private readonly chain: readonly ProcessIdentity[] = isRunByTool(process.env) ? chainOf(process.ppid) : [];

  /** Whether one of them is gone. Processes that a shell left behind have none, and go on. */
  public get areGone(): boolean {
    return this.chain.some((starter) => !isAlive(starter));
  }
}

function chainOf(pid: number): readonly ProcessIdentity[] {
  const started = processStart(pid);
  if (pid <= 1 || started === undefined) return [];
  const parent = isBelowNpm(pid) ? parentOf(pid) : undefined;
  return [{ pid, started }, ...(parent === undefined ? [] : chainOf(parent))];
}

function isRunByTool(env: NodeJS.ProcessEnv): boolean {
  return env['npm_command'] !== undefined || env['NX_TASK_TARGET_PROJECT'] !== undefined;
}

/** What npm starts has its variables; elsewhere than on Linux only the parent is watched. */
function isBelowNpm(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1')
      .split('\0')
      .some((entry) => entry.startsWith('npm_command='));
  } catch {
    return false;
  }
}
