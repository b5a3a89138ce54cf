import type { Targets } from '@mlterra/core';
import { digestOf, differences, type Digest } from '../digest/digest';
import { recordTargets } from '../digest/recorded-targets';
import { unsettled } from '../digest/state-health';
import { holdsSomething, readStamp, type Stamp } from '../digest/stamp';
import { NOTHING_UNSAVED } from '../digest/unsaved';
import { outsideInputs } from '../inputs/outside-inputs';
import { unlockCommand } from '../state/state-lock';
import type { StateFile } from '../state/state-file';
import type { StateRead } from '../state/state-store';
import type { SynthesizedStack } from '../synth/synthesize';
import { engineLabel } from '../terraform/engine-binary';
import { requiredProviders } from '../work/provider-lock';
import { WorkDir } from '../work/work-dir';
import { providersUnlocked } from '../errors';
import type { EnvironmentRun } from './context';
import { cutOff, type CutOff } from './cut-off';
import { isUnderWay } from './run-identity';
import { assertTargets, targetsOf } from './targets';

/** How a stack stands against its state, told without starting the engine. */
export interface Evaluation extends Omit<CutOff, 'reasons' | 'engine'> {
  /** `undecided`: the digests are equal, but it has inputs that no digest can hold; only a plan decides. */
  readonly verdict: 'unchanged' | 'undecided' | 'changed' | 'new' | 'busy' | 'upstream-missing';
  readonly reasons: readonly string[];
  /** Undefined where an upstream output is missing. */
  readonly digest?: Digest;
  readonly state?: StateFile;
  readonly stamp?: Stamp;
  /** What says that a run began to change it and did not finish. */
  readonly unfinished: readonly string[];
  /** Where the environment of the caller leads. */
  readonly targets: Targets;
}

/**
 * Compares what is wanted of a stack with what was last applied to it.
 * @throws MlterraError `other-target` where the environment of the caller leads elsewhere than where it was applied
 */
export async function evaluate(run: EnvironmentRun, stack: SynthesizedStack): Promise<Evaluation> {
  const read = await run.reader.read(stack.location);
  const state = read.kind === 'state' ? read.state : undefined;
  const stamp = state === undefined ? undefined : readStamp(state);
  const upstream: Record<string, unknown> = {};
  const missing: string[] = [];
  for (const { stack: key, output } of stack.reads) {
    const from = await run.reader.read(run.stacks.get(key)!.location);
    const value = from.kind === 'state' ? from.state.outputs[output] : undefined;
    if (value === undefined) missing.push(whyMissing(key, output, from));
    else upstream[`${key}#${output}`] = value.value;
  }
  if (missing.length > 0)
    return {
      verdict: 'upstream-missing',
      reasons: missing,
      state,
      stamp,
      replace: [],
      unsaved: NOTHING_UNSAVED,
      unfinished: [],
      targets: {},
    };
  const targets = await targetsOf(run, stack);
  const outside = outsideInputs(stack, new WorkDir(run.environment.dir, stack.id).path);
  const digest = digestOf({
    config: stack.config,
    assets: stack.assets,
    lockEntries: lockEntries(run, stack),
    engine: engineLabel(run.engine),
    location: stack.location,
    upstream,
    outside: outside.hashes,
    targets: recordTargets(targets, stamp?.digest?.targets),
  });
  const cut = cutOff(run, stack, state);
  const { replace, unsaved } = cut;
  const open = stamp?.open;
  const unfinished = [
    ...(open === undefined ? [] : [`its last ${open.command}, of ${open.since}, did not finish`]),
    ...cut.reasons,
  ];
  const found = { digest, state, stamp, replace, unsaved, unfinished, targets };
  if (read.kind === 'busy')
    return {
      verdict: 'busy',
      reasons: [`locked: ${read.holder}; if that run is dead: ${unlockCommand(stack.key)}`],
      ...found,
    };
  if (read.kind === 'absent') return { verdict: 'new', reasons: ['it was never applied'], ...found };
  if (read.kind === 'opaque') return { verdict: 'changed', reasons: [read.reason], ...found };
  if (cut.engine !== undefined) {
    const reason = `being changed by the engine of a run that was cut off: process ${cut.engine.pid}`;
    return { verdict: 'busy', reasons: [reason], ...found };
  }
  if (open !== undefined && isUnderWay(open, run.identity)) {
    const { command, process, host, since } = open;
    const reason = `being changed by ${command} of another run: process ${process.pid} on ${host}, since ${since}`;
    return { verdict: 'busy', reasons: [reason], ...found };
  }
  assertTargets(stack.key, state, targets);
  if (!holdsSomething(read.state) && cut.reasons.length === 0)
    return { verdict: 'new', reasons: ['nothing of it is there'], ...found };
  const reasons = [
    ...(read.staleLock === undefined ? [] : [`its last run did not end: ${read.staleLock}`]),
    ...unfinished,
    ...unsettled(read.state, stack.config),
    ...(stamp?.digest === undefined ? ['its first apply did not finish'] : differences(stamp.digest, digest)),
  ];
  if (reasons.length > 0) return { verdict: 'changed', reasons, ...found };
  if (outside.unseen.length > 0) {
    return { verdict: 'undecided', reasons: alwaysPlanned(outside.unseen), ...found };
  }
  return { verdict: 'unchanged', reasons, ...found };
}

/** Why an output of another stack is not known. */
function whyMissing(key: string, output: string, from: StateRead): string {
  if (from.kind === 'busy')
    return `${key} is locked, and its output ${output} may be changing: ${from.holder}`;
  if (from.kind === 'opaque') return `the output ${output} of ${key} cannot be read: ${from.reason}`;
  return `${key} has no output ${output} yet`;
}

/** Says why a stack is planned every time. */
function alwaysPlanned([first, ...others]: readonly string[]): readonly string[] {
  const more = others.length === 0 ? '' : ` (and ${others.length} more)`;
  return [`${first}${more}: planned every time`];
}

function lockEntries(run: EnvironmentRun, stack: SynthesizedStack): readonly string[] {
  const providers = requiredProviders(stack.config);
  const unlocked = providers.filter((address) => run.lock?.entries.has(address) !== true);
  if (unlocked.length > 0) throw providersUnlocked(run.environment.name, unlocked);
  return providers.map((address) => run.lock!.entries.get(address)!);
}
