import type { ProbeFinding } from '@mlterra/core';
import type { SynthesizedStack } from '../synth/synthesize';
import { loadHooks, type EnvironmentRun } from './context';
import type { Evaluation } from './evaluate';
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

/** With `--all`: what is down is replaced. */
export async function probeReplacements(
  run: EnvironmentRun,
  stack: SynthesizedStack,
  found: Evaluation,
): Promise<{ readonly args: readonly string[]; readonly reasons: readonly string[] }> {
  if (run.request.all !== true || found.state === undefined) return { args: [], reasons: [] };
  const findings = await probe(run, stack);
  const addresses = [...new Set(findings.map(({ address }) => address))].sort();
  return {
    args: addresses.map((address) => `-replace=${address}`),
    reasons: findings.map(({ problem }) => problem),
  };
}
