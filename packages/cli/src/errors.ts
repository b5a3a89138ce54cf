import { MlterraError } from '@mlterra/core/errors';

export function environmentNotNamed(command: string, known: readonly string[]): MlterraError {
  return new MlterraError({
    code: 'environment-not-named',
    message: `mlterra ${command} was given no environment, and the current folder is in none.`,
    expected:
      known.length === 0
        ? 'a folder environments/<name> with an environment.ts; the workspace has none'
        : `one or more of: ${known.join(', ')}`,
    remedy: `mlterra ${command} ${known[0] ?? '<environment>'}`,
  });
}

export function noEnvironments(workspaceRoot: string): MlterraError {
  return new MlterraError({
    code: 'environments-missing',
    message: `The workspace ${workspaceRoot} has no environments.`,
    expected:
      'a folder environments/<name> with an environment.ts that default-exports defineEnvironment({…})',
  });
}

export function cloudUnknown(given: string): MlterraError {
  return new MlterraError({
    code: 'cloud-unknown',
    message: `"${given}" is no cloud that hands out tokens for Kubernetes clusters.`,
    expected: 'the name of a provider with clusters, e.g. gcp',
  });
}

export function cloudNotInstalled(given: string, name: string): MlterraError {
  return new MlterraError({
    code: 'cloud-not-installed',
    message: `There is no package ${name}, which would hand out tokens for the clusters of "${given}".`,
    expected: 'the name of an installed provider, e.g. gcp',
    remedy: `npm install ${name}, if that is the provider you mean`,
  });
}

export function composeMissing(environment: string, stage: string, platforms: number): MlterraError {
  return new MlterraError({
    code: 'compose-missing',
    message: `The stage ${stage} of ${environment} has ${platforms} platforms that Compose can take the place of.`,
    expected: 'one, e.g. a DockerEngine',
  });
}

export function stageNeeded(stages: readonly string[]): MlterraError {
  return new MlterraError({
    code: 'stage-needed',
    message: 'Every stage of the environment is protected, so one has to be named.',
    expected: `-c with one of: ${stages.join(', ')}`,
  });
}
