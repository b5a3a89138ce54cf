import { parseStackKey, stackId, type HooksReference } from '@mlterra/core';
import { holdsSomething, readStamp } from '../digest/stamp';
import { removedNeedsSource } from '../errors';
import type { StateFile } from '../state/state-file';
import { loadHooks, stageOf, type EnvironmentRun } from './context';
import { cutOff } from './cut-off';
import { guarded } from './guard';
import type { StackResult } from './result';
import { release } from './release';
import { StackEngine } from './stack-engine';
import { assertTargets, otherTargets, stateIn, targetsOf } from './targets';
import { WorkDir, type WorkFiles } from '../work/work-dir';

/** A stack of which something is left, although the source no longer defines it. */
export interface RemovedStack {
  readonly key: string;
  readonly state?: StateFile;
  /** Keys of the stacks it came after. */
  readonly dependencies: readonly string[];
  readonly hooks: readonly HooksReference[];
  readonly reason: string;
}

/**
 * Finds removed stacks of the given stages: by their states, and by what the platforms of the environment
 * still hold (an apply killed early leaves processes, but no state).
 */
export async function findRemoved(
  run: EnvironmentRun,
  inScope: (stage: string) => boolean,
): Promise<readonly RemovedStack[]> {
  const found = new Map<string, RemovedStack>();
  for (const key of await run.reader.list(run.environment.definition.backend, run.environment.name)) {
    if (run.stacks.has(key) || !inScope(stageOf(key))) continue;
    const read = await run.reader.read(run.environment.definition.backend.location(key));
    if (read.kind === 'absent') continue;
    const state = read.kind === 'state' ? read.state : undefined;
    if (
      state !== undefined &&
      !holdsSomething(state) &&
      cutOff(run, { id: stackId(parseStackKey(key)!) }, state).reasons.length === 0
    )
      continue;
    const stamp = state === undefined ? undefined : readStamp(state);
    found.set(key, {
      key,
      state,
      dependencies: stamp?.dependencies ?? [],
      hooks: stamp?.hooks ?? [],
      reason: 'it is in the state, but no longer in the source',
    });
  }
  const elsewhere = await modulesElsewhere(run, [...found.values()]);
  for (const { hooks, stage } of platformsByStage(run, [...found.values()])) {
    if (!inScope(stage) || elsewhere.has(hooks.module)) continue;
    const names = await loadHooks(run.environment.dir, hooks).inventory?.({
      environment: run.environment.name,
      stage,
      environmentDir: run.environment.dir,
      data: hooks.data,
      withData: run.request.purge === true,
    });
    for (const name of names ?? []) {
      const key = `${run.environment.name}/${stage}/${name}`;
      const known = found.get(key);
      if (run.stacks.has(key) || (known !== undefined && known.hooks.length > 0)) continue;
      found.set(key, {
        key,
        state: known?.state,
        dependencies: known?.dependencies ?? [],
        hooks: [hooks],
        reason: known?.reason ?? 'the platform still has something of it, but it is not in the source',
      });
    }
  }
  return [...found.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
}

/** Destroys one removed stack. */
export async function destroyRemoved(run: EnvironmentRun, removed: RemovedStack): Promise<StackResult> {
  return guarded(run, removed.key, async () => {
    const id = stackId(parseStackKey(removed.key)!);
    const targets = await targetsOf(run, removed);
    assertTargets(removed.key, removed.state, targets);
    if (removed.state !== undefined) {
      const engine = StackEngine.ofRemoved(run, removed, id, filesOf(run, removed, id));
      await engine.destroy(['-refresh=false'], {
        verdict: 'changed',
        ...cutOff(run, { id }, removed.state),
        targets,
      });
      engine.forget();
    }
    return { status: 'destroyed', ...(await release(run, removed.key, removed.hooks)) };
  });
}

/** The files last applied from this checkout; where there are none, an empty configuration serves built-in resources. */
function filesOf(run: EnvironmentRun, removed: RemovedStack, id: string): WorkFiles {
  const applied = new WorkDir(run.environment.dir, id).appliedFiles();
  if (applied !== undefined) return applied;
  const providers = new Set(
    removed
      .state!.resources.map(({ provider }) => /\["([^"]+)"\]/.exec(provider)?.[1] ?? provider)
      .filter((address) => !address.startsWith('terraform.io/builtin/')),
  );
  if (providers.size > 0) throw removedNeedsSource(removed.key, [...providers].sort());
  const config = { terraform: { backend: backendOf(run, removed.key) } };
  return { configText: JSON.stringify(config), assets: [] };
}

/** The backend block of a key, taken from a stack of the source by replacing its key. */
function backendOf(run: EnvironmentRun, key: string): unknown {
  const sample = run.environment.stacks[0];
  if (sample === undefined) throw removedNeedsSource(key, ['an environment without stacks']);
  const { backend } = sample.config['terraform'] as { backend: unknown };
  return JSON.parse(JSON.stringify(backend).replaceAll(sample.key, key)) as unknown;
}

/**
 * Modules of platforms that the environment of the caller leads elsewhere than where stacks of theirs are. They are not asked
 * what they hold: it would be that of others. The stacks themselves are refused.
 */
async function modulesElsewhere(
  run: EnvironmentRun,
  removed: readonly RemovedStack[],
): Promise<ReadonlySet<string>> {
  const stacks = [
    ...run.environment.stacks.map(({ key, hooks, location }) => ({
      key,
      hooks,
      read: async () => stateIn(await run.reader.read(location)),
    })),
    ...removed.map(({ key, hooks, state }) => ({ key, hooks, read: () => Promise.resolve(state) })),
  ];
  const modules = await Promise.all(
    stacks.flatMap(({ key, hooks, read }) =>
      hooks.map(async (reference): Promise<readonly string[]> => {
        if (loadHooks(run.environment.dir, reference).inventory === undefined) return [];
        try {
          const today = await targetsOf(run, { key, hooks: [reference] });
          if (Object.keys(today).length === 0) return [];
          return otherTargets(await read(), today).length === 0 ? [] : [reference.module];
        } catch {
          // The stack says why.
          return [reference.module];
        }
      }),
    ),
  );
  return new Set(modules.flat());
}

function platformsByStage(
  run: EnvironmentRun,
  removed: readonly RemovedStack[],
): readonly { hooks: HooksReference; stage: string }[] {
  const all = new Map<string, { hooks: HooksReference; stage: string }>();
  for (const { key, hooks } of [...run.environment.stacks, ...removed]) {
    for (const reference of hooks) {
      for (const stage of new Set([stageOf(key), ...run.environment.definition.stageNames])) {
        const id = `${stage}#${reference.module}`;
        // Stages may be on platforms of their own: those of another stage are asked only where there are none.
        if (stage === stageOf(key) || !all.has(id)) all.set(id, { hooks: reference, stage });
      }
    }
  }
  return [...all.values()];
}
