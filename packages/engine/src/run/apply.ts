import { MlterraError } from '@mlterra/core';
import type { SynthesizedStack } from '../synth/synthesize';
import type { PlanSummary } from '../terraform/plan-json';
import { checkStateRoom, selectStages, stageOf, type EnvironmentRun } from './context';
import { evaluateFree } from './evaluate-free';
import { guarded } from './guard';
import { explained } from './explain';
import { inOrder } from './in-order';
import { glance, isInScope, waitingFor } from './plan';
import { prepareStack } from './prepare-stack';
import { replacements } from './replacements';
import { destroyRemoved, findRemoved, type RemovedStack } from './removed';
import { FAILED, type StackResult } from './result';
import { settleEarlierRuns } from './earlier-runs';
import { WorkDir } from '../work/work-dir';
import { setAsideCutOff } from './set-aside';
import { StackEngine } from './stack-engine';

/** How often a stack is looked at again where other runs change its state meanwhile. */
const ATTEMPTS = 3;

export interface ApplyOutcome {
  readonly stacks: readonly StackResult[];
  readonly notes: readonly string[];
}

/**
 * Applies what differs, in order, and goes on to dependents whose consumed outputs changed. Removed stacks
 * are destroyed first, and only with `destroyRemoved`.
 */
export async function applyEnvironment(run: EnvironmentRun): Promise<ApplyOutcome> {
  checkStateRoom(run);
  const { definition } = run.environment;
  const selected = selectStages(run, { protectedToo: false });
  await settleEarlierRuns(run);
  const removed = await findRemoved(run, (stage) => isInScope(run, selected, stage));
  const gone =
    run.request.destroyRemoved === true
      ? await destroyAllRemoved(run, removed)
      : new Map<string, StackResult>();
  const holding = removed.filter(({ key }) => gone.get(key)?.status !== 'destroyed');

  const results = await inOrder<StackResult>(
    [...run.stacks.keys()],
    (key) => run.stacks.get(key)!.dependencies,
    (key, earlier) => {
      const stack = run.stacks.get(key)!;
      if (selected.has(stageOf(key))) return applyStack(run, stack, earlier, holding);
      return leaveAlone(run, stack);
    },
  );
  const needed = new Set(
    [...results.values()].filter(({ status }) => status === 'protected').map(({ key }) => stageOf(key)),
  );
  return {
    stacks: [
      ...gone.values(),
      ...[...results.values()].filter(
        ({ key, status }) => selected.has(stageOf(key)) || status === 'protected',
      ),
      ...removed
        .filter(({ key }) => !gone.has(key))
        .map(({ key, reason }): StackResult => ({
          key,
          status: 'removed',
          reasons: [`${reason}; apply --destroy-removed destroys it`],
          seconds: 0,
        })),
    ],
    notes: definition.stageNames
      .filter((stage) => needed.has(stage))
      .map((stage) => `the stage ${stage} is protected: needs -c ${stage}`),
  };
}

function applyStack(
  run: EnvironmentRun,
  stack: SynthesizedStack,
  earlier: ReadonlyMap<string, StackResult>,
  holding: readonly RemovedStack[],
): Promise<StackResult> {
  return guarded(run, stack.key, async () => {
    const waiting = waitingFor(stack, earlier);
    if (waiting !== undefined) return waiting;
    await setAsideCutOff(run, stack);
    return retried(() => applyOnce(run, stack, holding));
  });
}

/** Where another run changed the state meanwhile, all is looked at again. */
async function retried<T>(attempt: () => Promise<T>): Promise<T> {
  for (let left = ATTEMPTS - 1; ; left--) {
    try {
      return await attempt();
    } catch (error) {
      const moved = MlterraError.is(error) && ['state-moved', 'plan-stale'].includes(error.code);
      if (!moved || left === 0) throw error;
    }
  }
}

async function applyOnce(
  run: EnvironmentRun,
  stack: SynthesizedStack,
  holding: readonly RemovedStack[],
): Promise<Omit<StackResult, 'key' | 'seconds'>> {
  const found = await evaluateFree(run, stack);
  if (found.verdict === 'upstream-missing') return { status: 'waiting', reasons: found.reasons };
  if (found.verdict === 'unchanged' && run.request.all !== true) {
    new WorkDir(run.environment.dir, stack.id).tidy();
    return { status: 'unchanged', reasons: [] };
  }
  const consumers = holding.filter(({ dependencies }) => dependencies.includes(stack.key));
  if (consumers.length > 0) {
    return {
      status: 'blocked',
      reasons: consumers.map(({ key }) => `${key} was removed from the source and must be destroyed first`),
    };
  }
  const applying = new AbortController();
  try {
    await prepareStack(run, stack, found, applying.signal);
    const { args, reasons } = await replacements(run, stack, found);
    const engine = StackEngine.of(run, stack, found.digest);
    const plan = await explained(run, stack, () => engine.planAndApply(args, found, hasWork));
    const changed = plan.resources.length > 0 || plan.outputs.length > 0;
    return {
      status: changed ? 'applied' : 'unchanged',
      reasons: [...found.reasons, ...reasons],
      plan,
    };
  } finally {
    applying.abort();
  }
}

function hasWork(plan: PlanSummary): boolean {
  return plan.resources.length > 0 || plan.outputs.length > 0 || plan.drift.length > 0 || plan.stampOnly;
}

/** A stack of a stage that is not applied in this run. */
async function leaveAlone(run: EnvironmentRun, stack: SynthesizedStack): Promise<StackResult> {
  const seen = await glance(run, stack);
  if (run.request.stage !== undefined || seen.changing !== true) return seen;
  return { ...seen, status: 'protected', reasons: [`needs -c ${stageOf(stack.key)}`] };
}

/** Removed stacks go in reverse order: a stack only after those that came after it. */
async function destroyAllRemoved(
  run: EnvironmentRun,
  removed: readonly RemovedStack[],
): Promise<Map<string, StackResult>> {
  const consumersOf = (key: string): string[] =>
    removed.filter(({ dependencies }) => dependencies.includes(key)).map((other) => other.key);
  return inOrder<StackResult>(
    removed.map(({ key }) => key),
    consumersOf,
    async (key, earlier) => {
      const failed = consumersOf(key).filter((consumer) => FAILED.includes(earlier.get(consumer)!.status));
      if (failed.length > 0) {
        return {
          key,
          status: 'blocked',
          reasons: failed.map((consumer) => `${consumer} still needs it`),
          seconds: 0,
        };
      }
      return destroyRemoved(
        run,
        removed.find((stack) => stack.key === key)!,
      );
    },
  );
}
