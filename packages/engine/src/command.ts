import { callerLockTimeoutSeconds } from './terraform/caller-arguments';

/** What a person or a pipeline can ask of the engine. */
export type CommandName = 'synth' | 'plan' | 'apply' | 'destroy' | 'drift' | 'output';

export interface CommandRequest {
  /** Absolute path of the workspace, the folder with `node_modules`. */
  readonly workspaceRoot: string;
  /** Absolute paths of the environment folders, each with an `environment.ts`. */
  readonly environmentDirs: readonly string[];
  /** Only this stage (`-c <stage>`). @default - as the command says: plan all, apply shared and unprotected stages */
  readonly stage?: string;
  /** The caller has checked that some environment of the workspace has the stage. @default false */
  readonly stageKnown?: boolean;
  /** Print one JSON document on standard output; progress goes to standard error. @default false */
  readonly json?: boolean;
  /** Print the raw engine log and stack traces. @default false */
  readonly verbose?: boolean;
  /** Take no digest shortcut; probe what runs. For plan and apply. @default false */
  readonly all?: boolean;
  /** Also destroy stacks that are in the state but no longer in the source. For apply. @default false */
  readonly destroyRemoved?: boolean;
  /** Do not ask. For destroy, which without a terminal refuses to run otherwise. @default false */
  readonly yes?: boolean;
  /** Also delete data that a destroy keeps. @default false */
  readonly purge?: boolean;
  /** Say for every stack why it is in the set. For plan. @default false */
  readonly explain?: boolean;
  /** Print the plan as Markdown. For plan. @default false */
  readonly markdown?: boolean;
  /** Engine processes at once. @default - MLTERRA_PARALLELISM, else the number of cores, at least 2 */
  readonly parallelism?: number;
  /** Seconds to wait for a state lock that someone else holds. @default - `-lock-timeout` of TF_CLI_ARGS, else 10 */
  readonly lockTimeoutSeconds?: number;
  /** Terraform binary. @default - MLTERRA_ENGINE, else `terraform` on the PATH */
  readonly engine?: string;
}

/** Seconds to wait for a lock: of a state, or of the environment's folder. */
export function lockTimeoutSeconds(request: Pick<CommandRequest, 'lockTimeoutSeconds'>): number {
  return request.lockTimeoutSeconds ?? callerLockTimeoutSeconds() ?? 10;
}
