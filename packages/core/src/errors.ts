/** What went wrong, in the caller's terms. */
export interface MlterraErrorDetails {
  /** Stable identifier, e.g. `stage-unknown`; programs match on it. */
  readonly code: string;
  /** What was given or found. One sentence. */
  readonly message: string;
  /** What is expected instead. @default - said in the message */
  readonly expected?: string;
  /** What to do next. @default - said in the message */
  readonly remedy?: string;
  /** The error underneath, shown with `--verbose` only. @default - none */
  readonly cause?: unknown;
}

/**
 * An error a person can act on: shown as text without a stack trace unless `--verbose` is given.
 * Everything else that is thrown counts as a defect of mlterra itself.
 */
export class MlterraError extends Error {
  public readonly code: string;
  public readonly expected?: string;
  public readonly remedy?: string;

  public constructor(details: MlterraErrorDetails) {
    const lines = [details.message];
    if (details.expected !== undefined) lines.push(`  expected: ${details.expected}`);
    if (details.remedy !== undefined) lines.push(`  to do:    ${details.remedy}`);
    super(lines.join('\n'), details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'MlterraError';
    this.code = details.code;
    this.expected = details.expected;
    this.remedy = details.remedy;
  }

  /** Works across copies of this package, where `instanceof` does not. */
  public static is(error: unknown): error is MlterraError {
    return (
      typeof error === 'object' &&
      error !== null &&
      'code' in error &&
      (error as { name?: unknown }).name === 'MlterraError'
    );
  }
}

const CHILD_MARKER = 'MLTERRA_ERROR ';

/**
 * One line a child process prints on its standard error, so that the engine shows this error
 * instead of Terraform's report of a failed provisioner.
 */
export function childErrorLine(error: MlterraError): string {
  const { code, message } = error;
  return CHILD_MARKER + JSON.stringify({ code, message });
}

/** Finds the first {@link childErrorLine} in the output of a child process. */
export function parseChildError(output: string): MlterraError | undefined {
  for (const line of output.split('\n')) {
    const at = line.indexOf(CHILD_MARKER);
    if (at < 0) continue;
    try {
      const { code, message } = JSON.parse(line.slice(at + CHILD_MARKER.length)) as {
        code: string;
        message: string;
      };
      return new MlterraError({ code, message });
    } catch {
      continue;
    }
  }
  return undefined;
}

export function invalidName(what: string, given: string, path?: string): MlterraError {
  return new MlterraError({
    code: 'name-invalid',
    message: `${path === undefined ? '' : `${path}: `}"${given}" is not a name for ${what}.`,
    expected:
      'a lower-case letter, then up to 29 lower-case letters, digits or hyphens, not ending in a hyphen',
  });
}

export function duplicateStack(key: string): MlterraError {
  return new MlterraError({
    code: 'stack-duplicate',
    message: `The stack ${key} is defined twice.`,
    expected: 'every stack of a stage has a name of its own',
    remedy: 'rename one of them, or build both parts in the one stack',
  });
}

export function ambiguousStack(first: string, second: string): MlterraError {
  return new MlterraError({
    code: 'stack-ambiguous',
    message: `The stacks ${first} and ${second} would share one working folder.`,
    expected: 'stage and stack, joined by a hyphen, name one stack only',
    remedy: 'rename one of them',
  });
}

export function duplicateOutput(stack: string, name: string, first: string, second: string): MlterraError {
  return new MlterraError({
    code: 'output-duplicate',
    message: `Two outputs of the stack ${stack} are both named ${name}: those of ${first} and ${second}.`,
    expected: 'paths of constructs that differ in more than their separators',
    remedy: 'rename one of the constructs, fields or services',
  });
}

export function reservedStage(environment: string): MlterraError {
  return new MlterraError({
    code: 'stage-reserved',
    message: `The environment ${environment} defines a stage named "shared".`,
    expected: '"shared" is the stage of the stacks that all stages share',
    remedy: 'rename the stage; build shared stacks in the function `shared` of the definition',
  });
}

export function crossStackReference(from: string, identifier: string): MlterraError {
  return new MlterraError({
    code: 'cross-stack-reference',
    message: `Another stack uses ${identifier} of the stack ${from} directly.`,
    expected: 'stacks read each other only through their fixed, typed outputs',
    remedy: 'export the value with `exportOutputs` and read it with `output.at(scope)`',
  });
}

export function dependencyCycle(keys: readonly string[]): MlterraError {
  return new MlterraError({
    code: 'dependency-cycle',
    message: `The stacks depend on each other in a cycle: ${keys.join(' -> ')}.`,
    remedy: 'move what both need into a stack of its own, and let both read that one',
  });
}

export function notInStack(path: string): MlterraError {
  return new MlterraError({
    code: 'stack-missing',
    message: `The construct ${path} is not inside a stack of an mlterra environment.`,
    expected: 'a scope below `stage.stack("name")`',
  });
}

export function secretWithoutValue(path: string): MlterraError {
  return new MlterraError({
    code: 'secret-without-value',
    message: `${path} needs the value of a secret that its platform keeps to itself.`,
    expected: 'a secret that Terraform made, as the platforms and databases of a cloud make them',
    remedy: 'take the database or service from the platform that the workload runs on',
  });
}
