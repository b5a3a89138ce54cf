import { statfsSync, existsSync } from 'node:fs';
import path from 'node:path';
import { SHARED_STAGE, type HooksReference, type PlatformHooks } from '@mlterra/core';
import type { CommandRequest } from '../command';
import { engineOld, stateFolderFull } from '../errors';
import { requireFrom } from '../load/load-environment';
import type { Progress } from '../progress/progress';
import { closeStates } from '../state/private-state';
import { createStateReader, type StateReader } from '../state/state-reader';
import { synthesize, type SynthesizedEnvironment, type SynthesizedStack } from '../synth/synthesize';
import { atLeast, type EngineBinary } from '../terraform/engine-binary';
import { readProviderLock, type ProviderLock } from '../work/provider-lock';
import { beginRun, type RunIdentity } from './run-identity';

/** States smaller than this are the rule; with less room the next write could fail half-way. */
const STATE_ROOM_BYTES = 1024 * 1024;

/** Everything one command needs about one environment. */
export interface EnvironmentRun {
  readonly request: CommandRequest;
  readonly environment: SynthesizedEnvironment;
  readonly stacks: ReadonlyMap<string, SynthesizedStack>;
  readonly engine: EngineBinary;
  readonly reader: StateReader;
  readonly lock: ProviderLock | undefined;
  readonly progress: Progress;
  readonly identity: RunIdentity & { readonly end: () => void };
}

/** Synthesises the environment and checks what can be checked before any work. */
export function prepare(
  dir: string,
  request: CommandRequest,
  engine: EngineBinary,
  progress: Progress,
): EnvironmentRun {
  const environment = synthesize(dir);
  closeStates(
    dir,
    environment.stacks.map(({ location }) => location),
  );
  const stacks = new Map(environment.stacks.map((stack) => [stack.key, stack]));
  for (const stack of environment.stacks) {
    const needed = stack.minimumTerraform;
    if (needed !== undefined && engine.name === 'terraform' && !atLeast(engine.version, needed)) {
      throw engineOld(
        engine.version,
        needed,
        `it cannot lock the ${stack.location.type} state of ${stack.key}`,
      );
    }
  }
  return {
    request,
    environment,
    stacks,
    engine,
    reader: createStateReader({ environmentDir: dir }),
    lock: readProviderLock(dir),
    progress,
    identity: beginRun(),
  };
}

/** Refuses to start work that could end with a state that cannot be written. */
export function checkStateRoom(run: EnvironmentRun): void {
  const folders = new Set<string>();
  for (const { location } of run.environment.stacks) {
    if (location.type !== 'local') continue;
    let folder = path.dirname(path.resolve(run.environment.dir, '.mlterra', 'stacks', 'any', location.path));
    while (!existsSync(folder)) folder = path.dirname(folder);
    folders.add(folder);
  }
  for (const folder of folders) {
    const { bavail, bsize } = statfsSync(folder);
    if (bavail * bsize < STATE_ROOM_BYTES) throw stateFolderFull(folder, bavail * bsize);
  }
}

/** The hooks of a platform, loaded as the environment would load them. */
export function loadHooks(environmentDir: string, reference: HooksReference): PlatformHooks {
  const module = requireFrom(environmentDir)(reference.module) as { hooks: PlatformHooks };
  return module.hooks;
}

/** Stages in the order of definition, with whether the command works on them. */
export function selectStages(
  run: EnvironmentRun,
  options: { readonly protectedToo: boolean },
): ReadonlySet<string> {
  const { definition } = run.environment;
  const { stage } = run.request;
  if (stage !== undefined) return new Set([stage]);
  return new Set(
    definition.stageNames.filter((name) => options.protectedToo || !definition.isProtected(name)),
  );
}

/** `shared`, or whatever the key says. */
export function stageOf(key: string): string {
  return key.split('/')[1] ?? SHARED_STAGE;
}
