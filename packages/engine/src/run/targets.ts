import type { HooksReference, Target, Targets } from '@mlterra/core';
import { isSameTarget, type RecordedTarget, type RecordedTargets } from '../digest/recorded-targets';
import { holdsSomething, readStamp } from '../digest/stamp';
import { otherTarget } from '../errors';
import type { StateFile } from '../state/state-file';
import type { StateRead } from '../state/state-store';
import { loadHooks, type EnvironmentRun } from './context';
import { hookContext } from './hook-context';

/** A stack of the source, or one that was removed from it. */
interface Subject {
  readonly key: string;
  readonly hooks: readonly HooksReference[];
}

/** A target that is another one today than when the stack was applied. */
export interface OtherTarget {
  /** What it is, e.g. `Docker daemon`. */
  readonly name: string;
  readonly before: RecordedTarget;
  readonly today: Target & { readonly value: string };
}

/** Where the environment of the caller leads a stack, as its platforms say. */
export async function targetsOf(run: EnvironmentRun, { key, hooks }: Subject): Promise<Targets> {
  const all: Targets[] = [];
  for (const reference of hooks) {
    const { readOutput: _, ...context } = hookContext(run, key, reference);
    all.push((await loadHooks(run.environment.dir, reference).targets?.(context)) ?? {});
  }
  return Object.assign({}, ...all) as Targets;
}

/**
 * What today is elsewhere than where the stack was applied, or where an apply of it began and did not finish. Targets that
 * only one side has are none of these: the source names them now, or did before.
 */
export function otherTargets(state: StateFile | undefined, today: Targets): readonly OtherTarget[] {
  const seen = new Map<string, OtherTarget>();
  for (const recorded of recordedIn(state)) {
    for (const [name, before] of Object.entries(recorded)) {
      const target = today[name];
      const value = target?.value;
      if (target === undefined || value === undefined || isSameTarget(before, { ...target, value })) continue;
      if (!seen.has(name)) seen.set(name, { name, before, today: { ...target, value } });
    }
  }
  return [...seen.values()];
}

/** @throws MlterraError `other-target` where the environment of the caller leads elsewhere than where the stack is */
export function assertTargets(key: string, state: StateFile | undefined, today: Targets): void {
  const [other] = otherTargets(state, today);
  if (other !== undefined) throw otherTarget(key, other);
}

/** The state that was read, also of a stack that another run works on. */
export function stateIn(read: StateRead): StateFile | undefined {
  return read.kind === 'state' || read.kind === 'busy' ? read.state : undefined;
}

function recordedIn(state: StateFile | undefined): readonly RecordedTargets[] {
  const stamp = state === undefined ? undefined : readStamp(state);
  if (state === undefined || stamp === undefined) return [];
  const { digest, open } = stamp;
  // What an apply that ended has left is in the state: where that is nothing, it is nowhere else either.
  const isNothing = open?.ended === true && !holdsSomething(state);
  return [digest?.targets ?? {}, isNothing ? {} : (open?.targets ?? {})];
}
