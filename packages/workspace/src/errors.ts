import { MlterraError } from '@mlterra/core/errors';

export function workspaceMissing(from: string): MlterraError {
  return new MlterraError({
    code: 'workspace-missing',
    message: `${from} is in no workspace.`,
    expected: 'a folder, here or above, with nx.json, a package.json with "workspaces", or node_modules',
    remedy: 'change into the workspace and run the command again',
  });
}

export function environmentUnknown(given: string, known: readonly string[]): MlterraError {
  return new MlterraError({
    code: 'environment-unknown',
    message: `There is no environment "${given}".`,
    expected:
      known.length === 0
        ? 'a folder environments/<name> with an environment.ts; the workspace has none'
        : `one of: ${known.join(', ')}`,
    remedy: 'correct the name, or give the path of a folder that has an environment.ts',
  });
}

export function stageUnknown(given: string, known: readonly string[]): MlterraError {
  return new MlterraError({
    code: 'stage-unknown',
    message: `No environment has a stage "${given}".`,
    expected: known.length === 0 ? 'no environment has a stage' : `one of: ${known.join(', ')}`,
    remedy: 'correct the name after -c, or leave -c out; nothing was done',
  });
}

/** @param lacking the environments that were named and lack the stage, with those they have */
export function stageMissing(
  lacking: readonly { readonly name: string; readonly stages: readonly string[] }[],
  stage: string,
): MlterraError {
  const names = lacking.map(({ name }) => name).join(', ');
  return new MlterraError({
    code: 'stage-missing',
    message:
      lacking.length === 1
        ? `The environment ${names} has no stage "${stage}".`
        : `The environments ${names} have no stage "${stage}".`,
    expected: lacking
      .map(({ name, stages }) => `${lacking.length === 1 ? '' : `${name}: `}one of: ${stages.join(', ')}`)
      .join('; '),
    remedy: 'correct the name after -c, or leave out what lacks the stage; nothing was done',
  });
}

export function syntaxError(where: string, why: string): MlterraError {
  return new MlterraError({
    code: 'environment-syntax',
    message: `${where}: syntax error: ${why}`,
    remedy: 'correct it; nothing was run',
  });
}

export function stagesUnreadable(where: string, why: string): MlterraError {
  return new MlterraError({
    code: 'stages-unreadable',
    message: `${where}: the stages cannot be read without running the file: ${why}.`,
    expected:
      'export default defineEnvironment({ …, stages: { dev: {…}, prod: {…} }, … }) with literal names',
    remedy: 'write the names of the stages out; values may be computed, names may not',
  });
}
