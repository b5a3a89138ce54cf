import { relative } from 'node:path';
import { runCall } from './calls';
import { isLogged } from './log';
import { terraformBody, type TerraformOptions } from './terraform-options';

/** What a plan is to do with one resource; the part of `terraform show -json` that tests look at. */
export interface PlannedChange {
  /** `module.network.google_compute_network.Resource` */
  readonly address: string;
  readonly mode: 'managed' | 'data';
  readonly type: string;
  readonly name: string;
  readonly provider_name: string;
  readonly change: {
    /** `['no-op']`, `['create']`, `['update']`, `['delete', 'create']`, … */
    readonly actions: readonly string[];
    readonly before: unknown;
    readonly after: unknown;
    readonly after_unknown: unknown;
  };
}

/** A plan as `terraform show -json` prints it. Sensitive values are in clear: do not print it. */
export interface PlanJson {
  readonly format_version: string;
  readonly terraform_version: string;
  /** Missing when there is no resource. */
  readonly resource_changes?: readonly PlannedChange[];
  readonly output_changes?: Readonly<Record<string, PlannedChange['change']>>;
  readonly planned_values?: unknown;
  readonly prior_state?: unknown;
  readonly configuration?: unknown;
}

/** `terraform init`. @returns what it printed */
export function init(options: TerraformOptions): Promise<string> {
  return run('init', options) as Promise<string>;
}

/** `terraform validate`. @returns what it printed */
export function validate(options: TerraformOptions): Promise<string> {
  return run('validate', options) as Promise<string>;
}

/** `terraform plan`, into `planFilePath` if that is set. @returns what it printed */
export function plan(options: TerraformOptions): Promise<string> {
  return run('plan', options) as Promise<string>;
}

/** `terraform plan -detailed-exitcode`. @returns 0 when there is nothing to do, else 2 */
export function planExitCode(options: TerraformOptions): Promise<0 | 2> {
  return run('planExitCode', options) as Promise<0 | 2>;
}

/** Plans, and returns the plan instead of keeping it. */
export function planAndShow(options: TerraformOptions): Promise<PlanJson> {
  return run('planJson', options) as Promise<PlanJson>;
}

/** `terraform apply -auto-approve`, of `planFilePath` if that is set. @returns what it printed */
export function apply(options: TerraformOptions): Promise<string> {
  return run('apply', options) as Promise<string>;
}

/** Applies, then plans: a plan that finds something to do is an error with code `terratest-not-idempotent`. */
export function applyAndIdempotent(options: TerraformOptions): Promise<string> {
  return run('applyAndIdempotent', options) as Promise<string>;
}

export async function initAndPlan(options: TerraformOptions): Promise<string> {
  await init(options);
  return plan(options);
}

export async function initAndApply(options: TerraformOptions): Promise<string> {
  await init(options);
  return apply(options);
}

export async function initAndApplyAndIdempotent(options: TerraformOptions): Promise<string> {
  await init(options);
  return applyAndIdempotent(options);
}

/** `terraform destroy -auto-approve`. @returns what it printed */
export function destroy(options: TerraformOptions): Promise<string> {
  return run('destroy', options) as Promise<string>;
}

/** Value of one output, sensitive or not. One that does not exist is an error. */
export function output<T = unknown>(options: TerraformOptions, name: string): Promise<T> {
  return run('output', options, { outputName: name }) as Promise<T>;
}

/** Values of all outputs, sensitive ones too, by name. */
export function outputAll(options: TerraformOptions): Promise<Record<string, unknown>> {
  return run('outputAll', options) as Promise<Record<string, unknown>>;
}

/** The plan in `planFilePath`, as `terraform show -json` prints it. */
export function showPlan(options: TerraformOptions & { readonly planFilePath: string }): Promise<PlanJson> {
  return run('show', options) as Promise<PlanJson>;
}

/** The state, as `terraform show -json` prints it. Sensitive values are in clear: do not print it. */
export function showState(options: TerraformOptions): Promise<Record<string, unknown>> {
  return run('show', { ...options, planFilePath: undefined }) as Promise<Record<string, unknown>>;
}

const SUBCOMMANDS: Readonly<Record<string, string>> = {
  planExitCode: 'plan',
  planJson: 'plan',
  applyAndIdempotent: 'apply',
  outputAll: 'output',
};

async function run(call: string, options: TerraformOptions, more: object = {}): Promise<unknown> {
  const folder = relative(process.cwd(), options.terraformDir) || '.';
  return runCall({
    call,
    what: `terraform ${SUBCOMMANDS[call] ?? call} in ${folder}`,
    body: { terraform: { ...terraformBody(options), ...more } },
    log: isLogged(options.log),
  });
}
