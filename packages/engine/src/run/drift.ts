import { NOTHING_UNSAVED } from '../digest/unsaved';
import type { SynthesizedStack } from '../synth/synthesize';
import type { PlannedChange } from '../terraform/plan-json';
import { selectStages, stageOf, type EnvironmentRun } from './context';
import { evaluate, type Evaluation } from './evaluate';
import { guarded } from './guard';
import { inOrder } from './in-order';
import { probe } from './probe';
import type { StackResult } from './result';
import { StackEngine } from './stack-engine';

/** Compares what is really there with the states; the source plays no part. Changes nothing. */
export async function driftEnvironment(run: EnvironmentRun): Promise<readonly StackResult[]> {
  const selected = selectStages(run, { protectedToo: true });
  const results = await inOrder<StackResult>(
    [...run.stacks.keys()].filter((key) => selected.has(stageOf(key))),
    () => [],
    (key) => driftStack(run, run.stacks.get(key)!),
  );
  return [...results.values()];
}

function driftStack(run: EnvironmentRun, stack: SynthesizedStack): Promise<StackResult> {
  return guarded(run, stack.key, async () => {
    const found = await evaluate(run, stack);
    if (found.verdict === 'busy') return { status: 'busy', reasons: found.reasons };
    if (found.verdict === 'new' || (found.verdict === 'upstream-missing' && found.state === undefined)) {
      return { status: 'absent', reasons: ['it was never applied'] };
    }
    if (found.verdict === 'upstream-missing') return { status: 'failed', reasons: found.reasons };
    const findings = await probe(run, stack);
    const plan = await StackEngine.of(run, stack, found.stamp?.digest).plan(
      ['-refresh-only'],
      NOTHING_UNSAVED,
    );
    const drift = plan.drift
      .filter((change) => !isVolatile(stack, change))
      .map((change) => withoutVolatile(stack, change));
    const reasons = [
      ...found.unfinished,
      ...findings.map(({ problem }) => problem),
      ...drift.map(({ address, action }) => `${address} was ${action === 'destroy' ? 'deleted' : 'changed'}`),
    ];
    if (reasons.length > 0) return { status: 'drifted', reasons, plan: { ...plan, drift } };
    return { status: 'in-sync', reasons: notApplied(found), plan: { ...plan, drift } };
  });
}

/** What differs between source and state is no drift, but whoever asks for one should know of the other. */
function notApplied({ verdict, reasons }: Evaluation): readonly string[] {
  return verdict === 'changed' ? reasons.map((reason) => `${reason} (not drift: see plan)`) : [];
}

/** What providers of the older kind read back where nothing was set: they cannot tell the two apart. */
const ZEROS = ['', '0', 'false'];

/** Whether only attributes differ that change by themselves, or that were not set and are read as nothing. */
function isVolatile(stack: SynthesizedStack, change: PlannedChange): boolean {
  return change.action === 'update' && withoutVolatile(stack, change).attributes.length === 0;
}

/** The change with those attributes only that tell something. */
function withoutVolatile({ hooks }: SynthesizedStack, change: PlannedChange): PlannedChange {
  if (change.action !== 'update') return change;
  const type = change.address.split('.').at(-2) ?? '';
  const names = new Set(hooks.flatMap(({ volatile = [] }) => volatile));
  const attributes = change.attributes.filter(
    ({ path, before, after }) =>
      !names.has(`${type}.${path.split('.')[0]}`) && !(before === undefined && ZEROS.includes(after ?? '')),
  );
  return { ...change, attributes };
}
