import { setTimeout as sleep } from 'node:timers/promises';
import { lockTimeoutSeconds } from '../command';
import { stackUnderWay } from '../errors';
import type { SynthesizedStack } from '../synth/synthesize';
import type { EnvironmentRun } from './context';
import { evaluate, type Evaluation } from './evaluate';
import { throwIfInterrupted } from './interruption';

const POLL_MILLISECONDS = 500;

/**
 * Evaluates a stack once no other run works on it.
 * @throws MlterraError `state-busy` when that takes longer than the time to wait for locks
 */
export async function evaluateFree(run: EnvironmentRun, stack: SynthesizedStack): Promise<Evaluation> {
  const seconds = lockTimeoutSeconds(run.request);
  const end = performance.now() + seconds * 1000;
  for (;;) {
    const found = await evaluate(run, stack);
    if (found.verdict !== 'busy') return found;
    if (performance.now() >= end) throw stackUnderWay(stack.key, found.reasons.join('; '), seconds);
    run.progress.update(stack.key, `waits: ${found.reasons.join('; ')}`);
    throwIfInterrupted();
    await sleep(POLL_MILLISECONDS);
  }
}
