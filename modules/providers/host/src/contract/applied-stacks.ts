import type { Rehearsed } from '@mlterra/testing/contracts';
import type { DesiredStack } from '../spec';

/** What a stack wants of the host, as it was applied, with every reference resolved. */
export interface AppliedStack {
  /** `<stage>-<stack>` */
  readonly stack: string;
  readonly address: string;
  readonly desired: DesiredStack;
}

/** The whole sets of processes that an apply hands to the reconciler. */
export function appliedStacks(stage: Rehearsed): readonly AppliedStack[] {
  return stage
    .resources('terraform_data')
    .filter(({ name }) => name === 'processes')
    .map(({ stack, address, values }) => ({
      stack,
      address,
      desired: desiredOf(values['triggers_replace']),
    }));
}

/** A state holds a value of any type together with its type. */
function desiredOf(trigger: unknown): DesiredStack {
  const value = isRecord(trigger) && 'type' in trigger && 'value' in trigger ? trigger['value'] : trigger;
  const {
    processes = [],
    secrets = [],
    folders = [],
    databases = [],
  } = (value ?? {}) as Partial<DesiredStack>;
  return { processes, secrets, folders, databases };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
