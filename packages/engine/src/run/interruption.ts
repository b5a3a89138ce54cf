import { constants } from 'node:os';
import { interrupted } from '../errors';
import { Starters } from './starters';
import { interruptEngines, killEngines } from '../terraform/running-engines';

/** Signals that ask a run to stop. */
const STOPPING = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
type Stopping = (typeof STOPPING)[number];

/** After a second signal, the time until this process ends whatever it still waits for. */
const LAST_MILLISECONDS = 5_000;

/** How often to look whether those that started this process are still there. */
const STARTERS_MILLISECONDS = 200;

/** The signal that this process was asked to stop with, and how often. Signals are for the whole process, so this is too. */
let received: Stopping | undefined;
let killing = false;
let listeners = 0;

/** What the process was asked to stop by; undefined while it was not. */
export function interruption(): Stopping | undefined {
  return received;
}

/** Whether a second signal asked to end at once. */
export function isKilling(): boolean {
  return killing;
}

/** @throws MlterraError `interrupted` once the process was asked to stop: nothing new is begun then */
export function throwIfInterrupted(): void {
  if (received !== undefined) throw interrupted(received);
}

/** The exit code of a process that ended by the signal: 130 for SIGINT, 143 for SIGTERM. */
export function interruptedExitCode(signal: Stopping): number {
  return 128 + constants.signals[signal];
}

/**
 * From now on, the first SIGINT, SIGTERM or SIGHUP goes on to the engines as one interrupt, and the run winds down: what
 * was begun is saved and unlocked, nothing new is begun. A second one kills the engines. Under npm and Nx, the end of those
 * that started this process counts as SIGTERM.
 * @param say gets what a person should know
 * @returns the function that ends it
 */
export function stopGracefully(say: (text: string) => void): () => void {
  const onSignal = (signal: Stopping): void => {
    if (received === undefined) {
      received = signal;
      say(
        `${signal}: stopping gracefully: the engine ends what it is doing and saves its state. A second signal kills it.`,
      );
      interruptEngines();
      return;
    }
    if (killing || !isSecondWord(signal)) return;
    killing = true;
    say(`${signal}: killing the engine.`);
    killEngines();
    setTimeout(() => process.exit(interruptedExitCode(received!)), LAST_MILLISECONDS).unref();
  };
  if (listeners++ > 0) return () => void listeners--;
  for (const signal of STOPPING) process.on(signal, onSignal);
  const starters = new Starters();
  const watch = setInterval(() => {
    if (received === undefined && starters.areGone) onSignal('SIGTERM');
  }, STARTERS_MILLISECONDS);
  watch.unref();
  return () => {
    listeners--;
    clearInterval(watch);
    for (const signal of STOPPING) process.off(signal, onSignal);
  };
}

/**
 * Whether a further signal is a person's. A terminal that goes away says SIGHUP after its Ctrl-C, and Nx answers Ctrl-C by a
 * SIGTERM of its own to its tasks and the end of their terminal.
 */
function isSecondWord(signal: Stopping): boolean {
  const isNxTask = process.env['NX_TASK_TARGET_PROJECT'] !== undefined;
  return signal === 'SIGINT' || (signal === 'SIGTERM' && !isNxTask);
}
