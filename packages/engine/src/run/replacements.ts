import type { SynthesizedStack } from '../synth/synthesize';
import type { EnvironmentRun } from './context';
import type { Evaluation } from './evaluate';
import { probe } from './probe';

export interface Replacements {
  /** Arguments of a plan. */
  readonly args: readonly string[];
  /** Why, beside what the evaluation says. */
  readonly reasons: readonly string[];
}

/** What a plan replaces: creations that nobody saw end, and with `--all` what is down. */
export async function replacements(
  run: EnvironmentRun,
  stack: SynthesizedStack,
  found: Evaluation,
): Promise<Replacements> {
  const probed = run.request.all === true && found.state !== undefined;
  const findings = probed ? await probe(run, stack) : [];
  const addresses = new Set([...found.replace, ...findings.map(({ address }) => address)]);
  return {
    args: [...addresses].sort().map((address) => `-replace=${address}`),
    reasons: findings.map(({ problem }) => problem),
  };
}
