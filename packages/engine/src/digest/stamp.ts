import { renderLiteral, type HooksReference } from '@mlterra/core';
import stringify from 'safe-stable-stringify';
import type { StateFile } from '../state/state-file';
import type { SynthesizedStack, TerraformConfig } from '../synth/synthesize';
import type { Digest } from './digest';
import type { OpenMark } from './open-mark';

/** Address of the stamp: one built-in resource in every stack, kept in an overlay file, never in the configuration. */
export const STAMP_ADDRESS = 'terraform_data.mlterra';

const FORMAT = 1;

/** What was last applied to a stack, as kept in its state. */
export interface Stamp {
  /** Undefined where nothing was applied completely yet. */
  readonly digest?: Digest;
  /** Keys of the stacks it came after: the order in which removed stacks are destroyed. */
  readonly dependencies: readonly string[];
  readonly hooks: readonly HooksReference[];
  /** Values of all outputs when the stamp was written. */
  readonly outputs: Readonly<Record<string, unknown>>;
  /** Set from the moment an apply or destroy begins until one finishes: until then the digest does not count. */
  readonly open?: OpenMark;
}

/**
 * The overlay: a `terraform_data` that depends on every managed resource, so that a failed or killed apply
 * cannot advance it. It repeats the outputs, because Terraform may write the stamp before the outputs:
 * where both differ in the state, the stamp does not count.
 */
export function stampConfig(stack: SynthesizedStack, digest: Digest): TerraformConfig {
  const outputs = (stack.config['output'] ?? {}) as Record<string, { value?: unknown }>;
  return {
    resource: {
      terraform_data: {
        mlterra: {
          input: {
            format: FORMAT,
            stamp: renderLiteral(
              stringify({ digest, dependencies: stack.dependencies, hooks: stack.hooks })!,
            ),
            outputs: Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value])),
          },
          depends_on: managedAddresses(stack.config),
        },
      },
    },
  };
}

/** Reads the stamp of a state; undefined where there is none that counts. */
export function readStamp(state: StateFile): Stamp | undefined {
  const resource = state.resources.find(
    ({ module, mode, type, name }) =>
      module === undefined && mode === 'managed' && type === 'terraform_data' && name === 'mlterra',
  );
  const input = (resource?.instances[0]?.attributes as { input?: { value?: unknown } } | undefined)?.input
    ?.value as { format: number; stamp: string; outputs: Record<string, unknown> } | undefined;
  if (input?.format !== FORMAT) return undefined;
  try {
    const stamp = JSON.parse(input.stamp) as Partial<Omit<Stamp, 'outputs'>>;
    return { dependencies: [], hooks: [], ...stamp, outputs: input.outputs };
  } catch {
    // Not written by mlterra: nothing is known of what was applied.
    return undefined;
  }
}

/** Whether there is anything in a state beside a stamp of nothing, which an apply that began has left. */
export function holdsSomething(state: StateFile): boolean {
  const others = state.resources.some(
    ({ module, mode, type, name }) =>
      mode === 'managed' && (module !== undefined || type !== 'terraform_data' || name !== 'mlterra'),
  );
  return others || readStamp(state)?.digest !== undefined;
}

/** `type.name` of every resource and `module.name` of every module call, sorted. */
export function managedAddresses(config: TerraformConfig): string[] {
  const resources = (config['resource'] ?? {}) as Record<string, Record<string, unknown>>;
  const modules = (config['module'] ?? {}) as Record<string, unknown>;
  return [
    ...Object.entries(resources).flatMap(([type, named]) =>
      Object.keys(named).map((name) => `${type}.${name}`),
    ),
    ...Object.keys(modules).map((name) => `module.${name}`),
  ].sort();
}
