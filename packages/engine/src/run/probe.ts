import type { ProbeFinding } from '@mlterra/core';
import type { SynthesizedStack } from '../synth/synthesize';
import { loadHooks, type EnvironmentRun } from './context';
import { hookContext } from './hook-context';

/** Asks the platforms what is down although Terraform believes it is there. */
export async function probe(run: EnvironmentRun, stack: SynthesizedStack): Promise<readonly ProbeFinding[]> {
  const findings: ProbeFinding[] = [];
  for (const reference of stack.hooks) {
    const found = await loadHooks(run.environment.dir, reference).probe?.(
      hookContext(run, stack.key, reference),
    );
    findings.push(...(found ?? []));
  }
  return findings;
}
