import type { StackKey } from '@mlterra/core';
import type { Level } from '../level/level';

/** The steps of a rehearsal, in their order. */
export type StepName =
  'init' | 'validate' | 'plan' | 'apply' | 'second plan' | 'change' | 'resume' | 'drift' | 'destroy';

export interface StepResult {
  readonly name: StepName;
  readonly status: 'passed' | 'failed' | 'skipped';
  readonly seconds: number;
  /** What was seen, in a few words, e.g. `7 to create`. */
  readonly note?: string;
  /** Why it failed: text for people, no stack trace. */
  readonly error?: string;
}

/** One resource or data source as the state holds it after the apply, with every reference resolved. */
export interface RehearsedResource {
  /** Terraform address, e.g. `google_storage_bucket.artifacts`. */
  readonly address: string;
  readonly mode: 'managed' | 'data';
  readonly type: string;
  readonly name: string;
  /** Full source address of its provider. */
  readonly provider: string;
  /** Attributes and blocks; blocks are arrays. */
  readonly values: Readonly<Record<string, unknown>>;
}

export interface RehearsedStack {
  /** `<environment>/<stage>/<stack>` */
  readonly key: string;
  readonly stackKey: StackKey;
  readonly steps: readonly StepResult[];
  /** What was there after the apply; empty where it was not reached. */
  readonly resources: readonly RehearsedResource[];
  /** Outputs after the apply, by name; secret ones too, so this is never printed. */
  readonly outputs: Readonly<Record<string, { readonly value: unknown; readonly sensitive: boolean }>>;
  /** The synthesised configuration, with every reference still a reference. */
  readonly config: Readonly<Record<string, unknown>>;
}

/** What a rehearsal of one environment found. */
export interface RehearsalResult {
  readonly environment: string;
  /** Level by source address of provider; the built-in `terraform.io/builtin/terraform` is not listed. */
  readonly levels: Readonly<Record<string, Level>>;
  /** Providers that stayed at `rehearsal`, as hybrid was asked for where possible and they have no binary. */
  readonly withoutBinary?: readonly string[];
  /** In the order in which they were applied. */
  readonly stacks: readonly RehearsedStack[];
  /** What kept the rehearsal from starting, or failed outside of a stack. */
  readonly error?: { readonly code?: string; readonly message: string };
  readonly seconds: number;
  /** Absolute path of the folder with configurations and states, where it was to be kept. */
  readonly keptFolder?: string;
}
