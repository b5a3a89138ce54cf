import { MlterraError } from '@mlterra/core';
import type { Finding } from './check';
import type { ToolNeed } from './recipe';

export function serviceNotNeeded(tool: string, need: ToolNeed): MlterraError {
  return new MlterraError({
    code: 'recipe-need-missing',
    message: `The recipe of ${tool} builds with a service that it does not say it needs: ${need}.`,
    remedy: `add '${need}' to \`needs\` of the recipe`,
  });
}

export function exemptionUnknown(
  provider: string,
  capability: string,
  given: string,
  known: readonly string[],
): MlterraError {
  return new MlterraError({
    code: 'recipe-exemption-unknown',
    message: `The recipe of ${provider} exempts its ${capability} from the check "${given}", which there is not.`,
    expected: `one of ${known.join(', ')}`,
  });
}

export function earlierNotAwaited(tool: string, name: string): MlterraError {
  return new MlterraError({
    code: 'recipe-order',
    message: `${tool} has "${name}" built before itself, and does not wait for it.`,
    expected: 'a stack that comes after it',
    remedy: 'let the construct of the tool call `Stack.ofConstruct(this).addDependency(…)`',
  });
}

/** A recipe that throws while it builds. */
export function recipeFailed(recipe: string, stage: string, cause: unknown): MlterraError {
  return new MlterraError({
    code: 'recipe-failed',
    message: `The recipe of ${recipe} failed in the stage ${stage}: ${cause instanceof Error ? cause.message : String(cause)}`,
    cause,
  });
}

/** As Jest is to show it: the findings, and not a code frame of the file that reports them. */
export function withoutStack(error: MlterraError): MlterraError {
  error.stack = `${error.name}: ${error.message}`;
  return error;
}

export function rehearsalFailed(environment: string, problems: readonly string[]): MlterraError {
  return withoutStack(
    new MlterraError({
      code: 'rehearsal-failed',
      message: `The rehearsal of ${environment} failed, so there is nothing to check.\n${problems.map((line) => `  ${line}`).join('\n')}`,
    }),
  );
}

export function contractBroken(findings: readonly Finding[]): MlterraError {
  return withoutStack(
    new MlterraError({
      code: 'contract-broken',
      message: `The contract is broken:\n${findings.map(({ check, message }) => `  ${check}: ${message}`).join('\n')}`,
    }),
  );
}

export function toolCannotRun(tool: string, provider: string, obstacle: string): MlterraError {
  return withoutStack(
    new MlterraError({
      code: 'tool-cannot-run',
      message: `${tool} cannot run on ${provider}: ${obstacle}.`,
      remedy: 'call `toolContract` with a platform that it runs on',
    }),
  );
}
