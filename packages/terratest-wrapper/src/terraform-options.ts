import { existsSync, statSync } from 'node:fs';
import { delimiter, join, resolve, sep } from 'node:path';
import { folderMissing, terraformMissing } from './errors';

/** How Terraform is run, as Terratest's `terraform.Options`. */
export interface TerraformOptions {
  /** Folder of the configuration: any Terraform module, or a synthesised stack, `cdktf.out/stacks/<stack>`. */
  readonly terraformDir: string;
  /** Name or path. @default - MLTERRA_ENGINE, else `terraform`, else `tofu` */
  readonly terraformBinary?: string;
  /**
   * Values of variables of any type. They travel in a file that only this user can read, and win over files of
   * values. One that the configuration does not declare is an error. @default - none
   */
  readonly vars?: Readonly<Record<string, unknown>>;
  /** Files with values of variables, relative to the folder. @default - none */
  readonly varFiles?: readonly string[];
  /** Added to the environment of this process. @default - none */
  readonly envVars?: Readonly<Record<string, string>>;
  /** Settings of the backend, for `init`. @default - those of the configuration */
  readonly backendConfig?: Readonly<Record<string, string | number | boolean>>;
  /** Addresses of resources to be limited to. @default - all */
  readonly targets?: readonly string[];
  /** Plan that `plan` writes, and that `apply` and `show` read. @default - none */
  readonly planFilePath?: string;
  /** Folder with providers, instead of the registry. @default - as the CLI configuration says */
  readonly pluginDir?: string;
  /** CLI configuration (`TF_CLI_CONFIG_FILE`), e.g. with a mirror of providers. @default - that of the environment */
  readonly cliConfigFile?: string;
  /** How long to wait for a state that is locked. The state is always locked. @default 0 */
  readonly lockTimeoutSeconds?: number;
  /** Operations at once. @default - Terraform's, 10 */
  readonly parallelism?: number;
  /** `init -reconfigure`. @default false */
  readonly reconfigure?: boolean;
  /** `init -upgrade`. @default false */
  readonly upgrade?: boolean;
  /**
   * Regular expressions (Go's) of errors that go away by themselves, with what they mean; they are added to
   * Terratest's own. @default - Terratest's own
   */
  readonly retryableErrors?: Readonly<Record<string, string>>;
  /** How often a command is run again after such an error. @default 3 */
  readonly maxRetries?: number;
  /** @default 5 */
  readonly timeBetweenRetriesSeconds?: number;
  /** Further arguments by command, e.g. `{ init: ['-lockfile=readonly'] }`. @default - none */
  readonly extraArgs?: Readonly<Partial<Record<TerraformCommand, readonly string[]>>>;
  /** Prints what Terraform prints while it does, to standard error; values of outputs never. @default - MLTERRA_TERRATEST_LOG is set */
  readonly log?: boolean;
}

export type TerraformCommand = 'apply' | 'destroy' | 'init' | 'output' | 'plan' | 'show' | 'validate';

/** Options as the Go program takes them. */
export function terraformBody(options: TerraformOptions): Record<string, unknown> {
  const dir = resolve(options.terraformDir);
  if (!existsSync(dir) || !statSync(dir).isDirectory()) throw folderMissing(dir);
  return {
    dir,
    binary: findTerraform(options.terraformBinary ?? (process.env['MLTERRA_ENGINE'] || undefined)),
    vars: options.vars ?? {},
    varFiles: options.varFiles ?? [],
    envVars: environmentOf(options),
    backendConfig: options.backendConfig ?? {},
    targets: options.targets ?? [],
    planFile: options.planFilePath === undefined ? '' : resolve(options.planFilePath),
    pluginDir: options.pluginDir === undefined ? '' : resolve(options.pluginDir),
    lockTimeout: `${options.lockTimeoutSeconds ?? 0}s`,
    parallelism: options.parallelism ?? 0,
    reconfigure: options.reconfigure ?? false,
    upgrade: options.upgrade ?? false,
    retryableErrors: options.retryableErrors ?? {},
    maxRetries: options.maxRetries ?? 3,
    // Terratest waits after the last attempt, too.
    millisecondsToWait: options.maxRetries === 0 ? 0 : (options.timeBetweenRetriesSeconds ?? 5) * 1000,
    extraArgs: options.extraArgs ?? {},
  };
}

function environmentOf({ envVars, cliConfigFile }: TerraformOptions): Record<string, string> {
  return {
    TF_IN_AUTOMATION: '1',
    CHECKPOINT_DISABLE: '1',
    ...(cliConfigFile === undefined ? {} : { TF_CLI_CONFIG_FILE: resolve(cliConfigFile) }),
    ...envVars,
  };
}

function findTerraform(wanted: string | undefined): string {
  for (const name of wanted === undefined ? ['terraform', 'tofu'] : [wanted]) {
    const candidates = name.includes(sep)
      ? [resolve(name)]
      : (process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, name));
    const found = candidates.find((file) => {
      const stat = statSync(file, { throwIfNoEntry: false });
      return stat?.isFile() === true && (stat.mode & 0o111) !== 0;
    });
    if (found !== undefined) return found;
  }
  throw terraformMissing(wanted);
}
