import { parseStackKey, SERVICE_OUTPUT_PREFIX, type ServiceOutput } from '@mlterra/core';
import { readStamp } from '../digest/stamp';
import type { SynthesizedStack } from '../synth/synthesize';
import { loadHooks, selectStages, stageOf, type EnvironmentRun } from './context';
import type { Service, StageOutputs } from './result';

export interface Outputs {
  readonly stages: readonly StageOutputs[];
  readonly services: readonly Service[];
}

/** Outputs and services of all applied stacks of the selected stages; sensitive values are masked. */
export async function readOutputs(run: EnvironmentRun): Promise<Outputs> {
  const selected = selectStages(run, { protectedToo: true });
  const stages = new Map<string, StageOutputs['stacks'][number][]>();
  const services: Service[] = [];
  for (const stack of run.environment.stacks) {
    const stage = stageOf(stack.key);
    if (!selected.has(stage)) continue;
    const read = await run.reader.read(stack.location);
    const state = read.kind === 'state' || read.kind === 'busy' ? read.state : undefined;
    const outputs = Object.entries(state?.outputs ?? {});
    if (outputs.length === 0) continue;
    const entry = {
      name: stack.stackKey.stack,
      outputs: Object.fromEntries(
        outputs.map(([name, { value, sensitive }]) => [name, sensitive ? '(sensitive)' : value]),
      ),
    };
    stages.set(stage, [...(stages.get(stage) ?? []), entry]);
    // As of the last apply that was finished: a failed one may have moved nothing yet.
    const settled = state === undefined ? undefined : readStamp(state);
    for (const [name, value] of Object.entries(settled?.outputs ?? {})) {
      if (name.startsWith(SERVICE_OUTPUT_PREFIX))
        services.push(await toService(run, stack, value as ServiceOutput));
    }
  }
  return { stages: [...stages].map(([name, stacks]) => ({ name, stacks })), services };
}

async function toService(
  run: EnvironmentRun,
  stack: SynthesizedStack,
  service: ServiceOutput,
): Promise<Service> {
  const { stage } = parseStackKey(stack.key)!;
  const { name, url, username, password } = service;
  let passwordFile = password;
  for (const reference of password === '' ? [] : stack.hooks) {
    const located = await loadHooks(run.environment.dir, reference).locateSecret?.(
      { ...stack.stackKey, environmentDir: run.environment.dir, data: reference.data },
      password,
    );
    passwordFile = located ?? passwordFile;
  }
  return { stage, name, url, username, passwordFile };
}
