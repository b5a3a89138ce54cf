import { endProcesses, killTree, processTree, type ProcessIdentity } from '../locks/process-tree';

/** Engine processes of this process that have not ended. */
const running = new Map<number, { interrupted: boolean; children: readonly ProcessIdentity[] }>();

export function engineStarted(pid: number): void {
  running.set(pid, { interrupted: false, children: [] });
}

/** Kills one engine alone. */
export function killEngine(pid: number): void {
  signal(pid, 'SIGKILL');
}

/** To be called when an engine has ended: ends what an interrupted one left of its provisioners. */
export async function engineEnded(pid: number): Promise<void> {
  const engine = running.get(pid);
  running.delete(pid);
  if (engine !== undefined && engine.children.length > 0) await endProcesses(engine.children);
}

/**
 * Asks every engine to stop: one SIGINT to the engine itself. It ends provisioners by SIGKILL to their shells alone;
 * what those had started is noted now, to be ended once the engine is through.
 */
export function interruptEngines(): void {
  for (const [pid, engine] of running) {
    if (engine.interrupted) continue;
    engine.interrupted = true;
    engine.children = processTree(pid).slice(1);
    signal(pid, 'SIGINT');
  }
}

/** Kills every engine, its providers and its provisioners. */
export function killEngines(): void {
  for (const pid of running.keys()) killTree(pid);
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It ended in the meantime.
  }
}
