import type { SynthesizedStack } from '../synth/synthesize';
import { selectStages, stageOf, type EnvironmentRun } from './context';
import { evaluate, type Evaluation } from './evaluate';
import { describeError, guarded } from './guard';
import { inOrder } from './in-order';
import { replacements } from './replacements';
import { findRemoved } from './removed';
import { FAILED, type StackResult } from './result';
import { StackEngine } from './stack-engine';

/** What an apply would do, stack by stack. Changes nothing. */
export async function planEnvironment(run: EnvironmentRun): Promise<readonly StackResult[]> {
  const selected = selectStages(run, { protectedToo: true });
  const removed = await findRemoved(run, (stage) => isInScope(run, selected, stage));
  const results = await inOrder<StackResult>(
    [...run.stacks.keys()],
    (key) => run.stacks.get(key)!.dependencies,
    (key, earlier) => {
      const stack = run.stacks.get(key)!;
      return selected.has(stageOf(key)) ? planStack(run, stack, earlier) : glance(run, stack);
    },
  );
  return [
    ...[...results.values()].filter(({ key }) => selected.has(stageOf(key))),
    ...removed.map(({ key, reason }): StackResult => ({
      key,
      status: 'removed',
      reasons: [reason],
      seconds: 0,
    })),
  ];
}

/** Whether removed stacks of a stage belong to the command: also of stages the source no longer has. */
export function isInScope(run: EnvironmentRun, selected: ReadonlySet<string>, stage: string): boolean {
  if (run.request.stage !== undefined) return stage === run.request.stage;
  return selected.has(stage) || !run.environment.definition.stageNames.includes(stage);
}

function planStack(
  run: EnvironmentRun,
  stack: SynthesizedStack,
  earlier: ReadonlyMap<string, StackResult>,
): Promise<StackResult> {
  return guarded(run, stack.key, async () => {
    const blocked = waitingFor(stack, earlier);
    if (blocked !== undefined) return blocked;
    const found = await evaluate(run, stack);
    if (found.verdict === 'busy') return { status: 'busy', reasons: found.reasons };
    if (found.verdict === 'upstream-missing') return { status: 'waiting', reasons: found.reasons };
    if (found.verdict === 'unchanged' && run.request.all !== true)
      return { status: 'unchanged', reasons: [] };
    const { args, reasons } = await replacements(run, stack, found);
    const plan = await StackEngine.of(run, stack, found.digest).plan(args, found.unsaved);
    const changed = plan.resources.length > 0 || plan.outputs.length > 0;
    if (!changed) {
      const settled = ['unchanged', 'undecided'].includes(found.verdict) && !plan.stampOnly;
      return { status: settled ? 'unchanged' : 'restamp', reasons: found.reasons, plan };
    }
    return {
      status: found.verdict === 'new' ? 'new' : 'changed',
      reasons: [...found.reasons, ...reasons],
      plan,
    };
  });
}

/** A stack of a stage the command leaves alone: only whether it is changing matters. */
export async function glance(run: EnvironmentRun, stack: SynthesizedStack): Promise<StackResult> {
  let found: Evaluation;
  try {
    found = await evaluate(run, stack);
  } catch (error) {
    // It counts for what comes after it only.
    const failure = describeError(error, run.request.verbose);
    return { key: stack.key, status: 'failed', reasons: [], error: failure, seconds: 0 };
  }
  const { verdict, reasons } = found;
  if (verdict === 'undecided') {
    const planned = await planStack(run, stack, new Map());
    return { ...planned, changing: planned.status !== 'unchanged' };
  }
  const status = verdict === 'upstream-missing' ? 'waiting' : verdict;
  return { key: stack.key, status, changing: verdict !== 'unchanged', reasons, seconds: 0 };
}

/** A dependent of something that is not settled is planned after it, never against invented values. */
export function waitingFor(
  stack: SynthesizedStack,
  earlier: ReadonlyMap<string, StackResult>,
): Pick<StackResult, 'status' | 'reasons'> | undefined {
  const results = stack.dependencies.map((key) => earlier.get(key)).filter((result) => result !== undefined);
  const failed = results.filter(({ status }) => FAILED.includes(status));
  if (failed.length > 0) {
    return {
      status: 'blocked',
      reasons: failed.map((result) => `${result.key} is ${result.status}${unseenError(stack, result)}`),
    };
  }
  const told: Partial<Record<StackResult['status'], string>> = {
    new: 'is not applied yet',
    changed: 'is changing',
    waiting: 'is itself waiting',
    protected: 'is protected and not up to date',
  };
  const unsettled = results.filter(({ status, changing }) => changing === true || told[status] !== undefined);
  if (unsettled.length === 0) return undefined;
  return {
    status: 'waiting',
    reasons: unsettled.map(({ key, status, changing }) => {
      const stage = stageOf(key);
      const hint =
        changing === true && stage !== stageOf(stack.key) ? `: apply it first with -c ${stage}` : '';
      return `${key} ${told[status] ?? 'is changing'}${hint}`;
    }),
  };
}

/** Results of other stages may not be shown. */
function unseenError(stack: SynthesizedStack, { key, error }: StackResult): string {
  return error === undefined || stageOf(key) === stageOf(stack.key) ? '' : `: ${error.message}`;
}
