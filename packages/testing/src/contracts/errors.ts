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

export function rehearsalFailed(environment: string, problems: readonly string[]): MlterraError {
  return new MlterraError({
    code: 'rehearsal-failed',
    message: `The rehearsal of ${environment} failed, so there is nothing to check.\n${problems.map((line) => `  ${line}`).join('\n')}`,
  });
}

export function contractBroken(findings: readonly Finding[]): MlterraError {
  return new MlterraError({
    code: 'contract-broken',
    message: `The contract is broken:\n${findings.map(({ check, message }) => `  ${check}: ${message}`).join('\n')}`,
  });
}

export function toolCannotRun(tool: string, provider: string, obstacle: string): MlterraError {
  return new MlterraError({
    code: 'tool-cannot-run',
    message: `${tool} cannot run on ${provider}: ${obstacle}.`,
    remedy: 'call `toolContract` with a platform that it runs on',
  });
}
