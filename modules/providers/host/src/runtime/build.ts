import { rmSync } from 'node:fs';
import { endProcesses, processesWith } from './marked-processes';

const MARK = 'MLTERRA_BUILDS';

/**
 * Clears a folder for being built. The programs of a run that was killed go on by themselves; they would write
 * into the folder while it is built anew.
 */
export async function clearForBuild(folder: string): Promise<void> {
  await endProcesses(() => processesWith(`${MARK}=${folder}`));
  rmSync(folder, { recursive: true, force: true });
}

/** The environment of programs that build a folder. */
export function buildEnvironment(folder: string, environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return { ...environment, [MARK]: folder };
}
