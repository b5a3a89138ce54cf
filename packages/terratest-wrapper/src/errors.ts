import { MlterraError, type MlterraErrorDetails } from '@mlterra/core/errors';

/** Why a call of Terratest did not work. */
export type TerratestFailure =
  'failed' | 'retries' | 'not-idempotent' | 'cancelled' | 'kubeconfig' | 'kubectl-missing' | 'panic';

/** A call of Terratest that did not work; `code` is `terratest-` and the failure, e.g. `terratest-not-idempotent`. */
export class TerratestError extends MlterraError {
  /** The last lines that Terraform or kubectl printed; sensitive values are masked by Terraform. */
  public readonly output: readonly string[];

  public constructor(details: MlterraErrorDetails, output: readonly string[] = []) {
    super(details);
    this.output = output;
  }
}

/** What the Go program says about a call that did not work. */
export interface HelperFailure {
  readonly kind: TerratestFailure;
  readonly message: string;
  readonly output: readonly string[];
}

const SHOWN_CHARACTERS = 4000;

export function callFailed(what: string, failure: HelperFailure): TerratestError {
  const code = `terratest-${failure.kind}`;
  const reason = cut(failure.message.trim());
  switch (failure.kind) {
    case 'not-idempotent':
      return new TerratestError(
        {
          code,
          message: `${what}: ${reason}:\n${failure.output.join('\n').trim()}`,
          expected: 'an apply after which a plan finds nothing to do',
          remedy:
            'look for values that change with every run (timestamps, unordered lists, defaults of the provider)',
        },
        failure.output,
      );
    case 'cancelled':
      return new TerratestError(
        {
          code,
          message: `${what} was cancelled, because its test ended or Jest was interrupted.`,
          expected: 'a test that waits for its calls, with a timeout that is long enough',
          remedy: 'what was made so far is in the state; a clean-up that is registered destroys it',
        },
        failure.output,
      );
    case 'kubeconfig':
      return new TerratestError({
        code,
        message: `${what}: the kubeconfig cannot be used: ${reason}`,
        expected: 'a kubeconfig file with the context that is asked for',
        remedy: 'set `kubeconfig` and `context`, or KUBECONFIG',
      });
    case 'kubectl-missing':
      return new TerratestError({
        code,
        message: `${what}: ${reason}.`,
        expected: 'kubectl, which Terratest runs for this call',
        remedy: 'install it: https://kubernetes.io/docs/tasks/tools/',
      });
    case 'retries':
      return new TerratestError(
        { code, message: `${what} did not work within its retries; the last time: ${reason}` },
        failure.output,
      );
    case 'panic':
      return new TerratestError({ code, message: `${what}: Terratest panicked: ${reason}` }, failure.output);
    case 'failed':
      return new TerratestError({ code, message: `${what} failed: ${reason}` }, failure.output);
  }
}

export function helperEnded(what: string, printed: string): TerratestError {
  return new TerratestError({
    code: 'terratest-ended',
    message: `${what}: the Go program ended without an answer. It printed: ${cut(printed.trim()) || '(nothing)'}`,
  });
}

/** A call after the tests of the file are over, or after Jest was interrupted. */
export function callRefused(what: string): TerratestError {
  return new TerratestError({
    code: 'terratest-refused',
    message: `${what} was not begun: its test is over, or Jest was interrupted.`,
    expected: 'calls that the test waits for',
  });
}

export function terraformMissing(wanted: string | undefined): MlterraError {
  return new MlterraError({
    code: 'terratest-terraform-missing',
    message:
      wanted === undefined ? 'There is no terraform and no tofu on the PATH.' : `There is no ${wanted}.`,
    expected: 'Terraform 1.5 or newer, or OpenTofu',
    remedy: 'install it, or name the binary in `terraformBinary` or MLTERRA_ENGINE',
  });
}

export function folderMissing(folder: string): MlterraError {
  return new MlterraError({
    code: 'terratest-folder-missing',
    message: `There is no folder ${folder}.`,
    expected: '`terraformDir`: a folder with a Terraform configuration',
    remedy: 'for a CDKTF stack synthesise first; it is in cdktf.out/stacks/<stack>',
  });
}

export function resourceUnknown(given: string): MlterraError {
  return new MlterraError({
    code: 'terratest-resource-unknown',
    message: `"${given}" is nothing a tunnel can lead to.`,
    expected: 'pod/<name>, deployment/<name> or service/<name>',
  });
}

export function stageNameInvalid(given: string): MlterraError {
  return new MlterraError({
    code: 'terratest-stage-name',
    message: `"${given}" is not a name for a stage of a test.`,
    expected: 'letters, digits and underscores, so that a shell can set SKIP_<stage>',
  });
}

export function testDataMissing(name: string, file: string): MlterraError {
  return new MlterraError({
    code: 'terratest-data-missing',
    message: `There is no saved ${name}: ${file} does not exist.`,
    expected: 'the stage that saves it has run, and its folder is still there',
    remedy: 'run the test once without SKIP_<that stage>',
  });
}

export function cleanUpTooLate(): MlterraError {
  return new MlterraError({
    code: 'terratest-cleanup-late',
    message: 'A clean-up was registered after the clean-ups of this file had begun.',
    expected: 'cleanup() is called before what it cleans up is made',
  });
}

export function cleanUpsFailed(failures: readonly unknown[], total: number): MlterraError {
  const list = failures.map((error) => `- ${textOf(error)}`).join('\n');
  return new MlterraError({
    code: 'terratest-cleanup-failed',
    message: `${failures.length} of ${total} clean-ups failed; what they are for may still exist:\n${list}`,
    cause: failures[0],
  });
}

export function importedLate(): MlterraError {
  return new MlterraError({
    code: 'terratest-imported-late',
    message: 'The clean-up cannot be registered: @mlterra/terratest-wrapper was loaded while a test ran.',
    expected: 'an import at the top of the file, where Jest takes hooks',
  });
}

export function retriesUsedUp(description: string, attempts: number, last: unknown): TerratestError {
  return new TerratestError({
    code: 'terratest-retries',
    message: `${description} did not work in ${attempts} attempts; the last time: ${cut(textOf(last))}`,
    cause: last,
  });
}

export function goMissing(what: string, version: string, otherwise?: string): MlterraError {
  return new MlterraError({
    code: 'go-missing',
    message: `${what} is built with Go, and there is no \`go\` on the PATH.`,
    expected: `Go ${version} or newer`,
    remedy: `install it: https://go.dev/dl${otherwise === undefined ? '' : `; or ${otherwise}`}`,
  });
}

export function goBuildFailed(what: string, output: string): MlterraError {
  return new MlterraError({ code: 'go-build-failed', message: `Building ${what} failed:\n${output.trim()}` });
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function cut(text: string): string {
  return text.length <= SHOWN_CHARACTERS ? text : `${text.slice(0, SHOWN_CHARACTERS)} …`;
}
