import type { StateResourceReference } from '@mlterra/core';
import { managedInstances } from '../digest/instances';
import type { StateFile } from '../state/state-file';
import type { SynthesizedStack } from '../synth/synthesize';
import { loadHooks, type EnvironmentRun } from './context';
import type { Evaluation } from './evaluate';
import { hookContext } from './hook-context';

/** Has the platforms make sure that a stack can be applied. A stack that somebody else works on is left alone. */
export async function prepareStack(
  run: EnvironmentRun,
  stack: SynthesizedStack,
  found: Evaluation,
  ended: AbortSignal,
): Promise<void> {
  if (found.verdict === 'busy' || (found.state === undefined && found.verdict !== 'new')) return;
  const resources = found.state === undefined ? [] : referencesOf(found.state);
  for (const reference of stack.hooks) {
    await loadHooks(run.environment.dir, reference).prepare?.({
      ...hookContext(run, stack.key, reference),
      resources,
      report: (text) => run.progress.note(`${stack.key}: ${text}`),
      ended,
    });
  }
}

function referencesOf(state: StateFile): readonly StateResourceReference[] {
  return managedInstances(state).flatMap(({ address, id }) => (id === undefined ? [] : [{ address, id }]));
}
