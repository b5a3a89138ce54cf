/** Targets that the engine carries out. */
export const ENGINE_TARGETS = ['synth', 'plan', 'apply', 'destroy', 'drift', 'output'] as const;

/** Rehearses an environment without a cloud. */
export const REHEARSE_TARGET = 'rehearse';

/** Runs the end-to-end test beside an environment. */
export const E2E_TARGET = 'e2e';

/** All targets this plugin infers. */
export const INFERRED_TARGETS: readonly string[] = [...ENGINE_TARGETS, REHEARSE_TARGET, E2E_TARGET];

const EXECUTORS = '@mlterra/nx:';

/** The executor of one of the targets. */
export function executorOf(target: string): string {
  return EXECUTORS + target;
}

/** Whether an executor is ours and does something that a cache must not replay: all but synth. */
export function hasSideEffects(executor: string | undefined): boolean {
  return executor !== undefined && executor.startsWith(EXECUTORS) && executor !== executorOf('synth');
}
