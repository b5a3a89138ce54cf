import { holdsSomething } from '../digest/stamp';
import { stageProtected } from '../errors';
import type { SynthesizedStack } from '../synth/synthesize';
import { selectStages, stageOf, type EnvironmentRun } from './context';
import { cutOff } from './cut-off';
import { settleEarlierRuns } from './earlier-runs';
import { explained } from './explain';
import { guarded } from './guard';
import { inOrder } from './in-order';
import { isInScope } from './plan';
import { release } from './release';
import { destroyRemoved, findRemoved, type RemovedStack } from './removed';
import type { StackResult } from './result';
import { assertTargets, stateIn, targetsOf } from './targets';
import { WorkDir } from '../work/work-dir';
import { StackEngine } from './stack-engine';

export interface DestroyScope {
  readonly stacks: readonly SynthesizedStack[];
  readonly removed: readonly RemovedStack[];
  /** Stages with something in them that are left alone because they are protected. */
  readonly protectedStages: readonly string[];
}

/**
 * What a destroy would take down.
 * @throws MlterraError when the stage that was named is protected
 */
export async function destroyScope(run: EnvironmentRun): Promise<DestroyScope> {
  const { definition, name, stacks } = run.environment;
  const { stage } = run.request;
  if (stage !== undefined && definition.isProtected(stage)) throw stageProtected([stage], name);
  const selected = selectStages(run, { protectedToo: false });
  const protectedStages = new Set<string>();
  for (const other of stacks) {
    const left = stage === undefined && !selected.has(stageOf(other.key));
    if (left && (await hasState(run, other))) protectedStages.add(stageOf(other.key));
  }
  return {
    stacks: stacks.filter(({ key }) => selected.has(stageOf(key))),
    removed: await findRemoved(run, (other) => isInScope(run, selected, other)),
    protectedStages: [...protectedStages],
  };
}

/** The stacks of the source that need their providers for a destroy: those with something in their state. */
export async function appliedStacks(
  run: EnvironmentRun,
  { stacks }: DestroyScope,
): Promise<readonly SynthesizedStack[]> {
  const applied = await Promise.all(stacks.map((stack) => hasState(run, stack)));
  return stacks.filter((_, index) => applied[index]);
}

/** Destroys in reverse order. A stack that is still needed by one that stays, or could not be destroyed, stays. */
export async function destroyEnvironment(
  run: EnvironmentRun,
  scope: DestroyScope,
): Promise<readonly StackResult[]> {
  await settleEarlierRuns(run);
  const removed = new Map(scope.removed.map((stack) => [stack.key, stack]));
  const stacks = new Map(scope.stacks.map((stack) => [stack.key, stack]));
  const staying = run.environment.stacks.filter(({ key }) => !stacks.has(key));
  const consumersOf = (key: string): string[] => [
    ...scope.stacks.filter(({ dependencies }) => dependencies.includes(key)).map((stack) => stack.key),
    ...scope.removed.filter(({ dependencies }) => dependencies.includes(key)).map((stack) => stack.key),
  ];
  const results = await inOrder<StackResult>(
    [...removed.keys(), ...stacks.keys()],
    consumersOf,
    (key, earlier) => {
      const failed = consumersOf(key).filter((consumer) =>
        ['failed', 'interrupted', 'in-use'].includes(earlier.get(consumer)!.status),
      );
      if (failed.length > 0) {
        const reasons = failed.map((consumer) => `${consumer} could not be destroyed`);
        return guarded(run, key, async () => ({ status: 'in-use', reasons }));
      }
      const stack = stacks.get(key);
      return stack === undefined ? destroyRemoved(run, removed.get(key)!) : destroyStack(run, stack, staying);
    },
  );
  return [...results.values()];
}

function destroyStack(
  run: EnvironmentRun,
  stack: SynthesizedStack,
  staying: readonly SynthesizedStack[],
): Promise<StackResult> {
  return guarded(run, stack.key, async () => {
    const users = [];
    for (const other of staying.filter(({ dependencies }) => dependencies.includes(stack.key))) {
      if (await hasState(run, other)) users.push(`${other.key} still needs it`);
    }
    if (users.length > 0) return { status: 'in-use', reasons: users };
    const read = await run.reader.read(stack.location);
    const targets = await targetsOf(run, stack);
    assertTargets(stack.key, stateIn(read), targets);
    const found = { ...cutOff(run, stack, read.kind === 'state' ? read.state : undefined), targets };
    const applied = found.unsaved.adopt.length > 0 || (await hasState(run, stack));
    if (applied) {
      // Upstreams of a half-made environment may have no state to read from; a destroy needs none.
      const upstreams = await Promise.all(
        stack.reads.map(({ stack: key }) => hasState(run, run.stacks.get(key)!)),
      );
      const refresh = upstreams.every(Boolean) ? [] : ['-refresh=false'];
      await explained(run, stack, () =>
        StackEngine.of(run, stack, undefined).destroy(refresh, { verdict: 'changed', ...found }),
      );
    } else new WorkDir(run.environment.dir, stack.id).tidy();
    const { reasons, kept } = await release(run, stack.key, stack.hooks);
    return { status: applied || reasons.length > 0 ? 'destroyed' : 'absent', reasons, kept };
  });
}

/** Whether there may be something in the state: what cannot be read counts as something. */
async function hasState(run: EnvironmentRun, stack: SynthesizedStack): Promise<boolean> {
  const read = await run.reader.read(stack.location);
  if (read.kind === 'absent') return false;
  return read.kind !== 'state' || holdsSomething(read.state);
}
