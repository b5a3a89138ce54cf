import { MlterraError } from '@mlterra/core';
import type { SynthesizedEnvironment } from '../synth/synthesize';
import { requiredProviders } from '../work/provider-lock';

/** As `required_providers` has it. */
export interface Requirement {
  readonly source: string;
  readonly version?: string;
}

/** One requirement per provider; two stacks that ask for different versions of one are refused. */
export function mergeProviders({
  stacks,
  name,
}: Pick<SynthesizedEnvironment, 'stacks' | 'name'>): Record<string, Requirement> {
  const merged: Record<string, Requirement> = {};
  for (const { config, key } of stacks) {
    const terraform = (config['terraform'] ?? {}) as { required_providers?: Record<string, Requirement> };
    for (const [local, requirement] of Object.entries(terraform.required_providers ?? {})) {
      const known = merged[local];
      if (
        known !== undefined &&
        (known.source !== requirement.source || known.version !== requirement.version)
      ) {
        throw new MlterraError({
          code: 'providers-differ',
          message: `The stack ${key} asks for ${local} ${requirement.version ?? ''} from ${requirement.source}, another one of ${name} for ${known.version ?? ''} from ${known.source}.`,
          expected: 'one version of a provider per environment, as there is one lock',
        });
      }
      if (requiredProviders({ terraform: { required_providers: { [local]: requirement } } }).length > 0) {
        merged[local] = requirement;
      }
    }
  }
  return merged;
}
