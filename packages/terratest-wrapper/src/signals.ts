import { realProcess } from './real-process';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

let shutDown: (() => Promise<void>) | undefined;
let watching = false;
let ending = false;

/** Says what is done before this process ends by a signal, or because the Jest that started it is gone. */
export function beforeEnd(work: () => Promise<void>): void {
  shutDown = work;
}

/** From here on a signal ends this process only after the clean-ups. */
export function watchSignals(): void {
  if (watching) return;
  watching = true;
  for (const signal of SIGNALS) realProcess.on(signal, onSignal);
  // A worker of Jest is told in this way only that a signal, or SIGKILL, ended the Jest it belongs to.
  realProcess.on('disconnect', onDisconnect);
}

export function stopWatchingSignals(): void {
  watching = false;
  for (const signal of SIGNALS) realProcess.off(signal, onSignal);
  realProcess.off('disconnect', onDisconnect);
}

function onSignal(signal: NodeJS.Signals): void {
  void endAfterCleanUp(signal, () => {
    realProcess.kill(realProcess.pid, signal);
  });
}

function onDisconnect(): void {
  void endAfterCleanUp('Jest is gone', () => realProcess.exit(1));
}

async function endAfterCleanUp(why: string, end: () => void): Promise<void> {
  if (ending) return say(`${why}: still cleaning up.`);
  ending = true;
  // The other end of both may be gone, which must not keep this from cleaning up.
  realProcess.stdout.on('error', () => undefined);
  realProcess.stderr.on('error', () => undefined);
  say(`${why}: ending what runs, and cleaning up.`);
  await shutDown?.().catch((error: unknown) => say(error instanceof Error ? error.message : String(error)));
  stopWatchingSignals();
  end();
}

function say(text: string): void {
  realProcess.stderr.write(`terratest-wrapper: ${text}\n`);
}
