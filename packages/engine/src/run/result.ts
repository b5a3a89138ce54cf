import type { PlanSummary } from '../terraform/plan-json';

/** What became of a stack, or would. */
export type StackStatus =
  /** Nothing to do. */
  | 'unchanged'
  /** plan: differs, or was never applied. */
  | 'changed'
  | 'new'
  /** plan: only the digest kept in the state is to be written. */
  | 'restamp'
  /** Depends on a stack that is not applied yet or is changing. */
  | 'waiting'
  /** Still in the state, no longer in the source. */
  | 'removed'
  /** Its state is locked by somebody else. */
  | 'busy'
  /** Its stage is applied, or destroyed, only when it is named. */
  | 'protected'
  | 'applied'
  | 'destroyed'
  /** destroy: a stack that stays still needs it. */
  | 'in-use'
  /** There is nothing of it. */
  | 'absent'
  /** drift: as Terraform left it. */
  | 'in-sync'
  | 'drifted'
  /** Not tried, because a stack it depends on failed. */
  | 'blocked'
  /** A signal asked the run to stop before the stack was through; the next run resumes it. */
  | 'interrupted'
  | 'failed';

export interface StackResult {
  /** `<environment>/<stage>/<stack>` */
  readonly key: string;
  readonly status: StackStatus;
  /** Why it has this status. */
  readonly reasons: readonly string[];
  readonly plan?: PlanSummary;
  /** destroy: what is kept on purpose, with how to remove it. */
  readonly kept?: readonly string[];
  readonly error?: { readonly code: string; readonly message: string };
  /** Set on a stack that this run leaves alone although it differs: those after it wait. */
  readonly changing?: boolean;
  /** Seconds spent on it. */
  readonly seconds: number;
}

/** A service, and where its credentials are. */
export interface Service {
  readonly stage: string;
  readonly name: string;
  readonly url: string;
  /** Empty when no credentials are needed. */
  readonly username: string;
  /** Where the password is, e.g. an absolute path. Empty when no credentials are needed. */
  readonly passwordFile: string;
}

export interface StageOutputs {
  readonly name: string;
  /** Numbers that JavaScript would print with other digits are of the class `LosslessNumber` of `lossless-json`. */
  readonly stacks: readonly { readonly name: string; readonly outputs: Readonly<Record<string, unknown>> }[];
}

export interface EnvironmentResult {
  readonly name: string;
  /** Set where the environment has no such stage; nothing was done then. */
  readonly noStage?: string;
  readonly stacks: readonly StackResult[];
  /** What a person should know: stages left out, things kept. */
  readonly notes: readonly string[];
  readonly services?: readonly Service[];
  readonly stages?: readonly StageOutputs[];
  /** An error of the whole environment: it could not be loaded, another run has it. */
  readonly error?: { readonly code: string; readonly message: string };
}

export interface CommandResult {
  readonly command: string;
  readonly environments: readonly EnvironmentResult[];
  /** Wall-clock seconds from the call of the engine to its result. */
  readonly engineSeconds: number;
}

export const FAILED: readonly StackStatus[] = ['failed', 'blocked', 'busy', 'interrupted'];
