import { MlterraError } from '@mlterra/core/errors';

export function sideEffectCached(tasks: readonly string[]): MlterraError {
  return new MlterraError({
    code: 'side-effect-cached',
    message: `${tasks.join(', ')} would be cached: Nx would replay the output of an earlier run instead of doing anything.`,
    expected: '"cache": false, as @mlterra/nx infers it',
    remedy: 'remove "cache": true for it from targetDefaults in nx.json, project.json or package.json',
  });
}

export function e2eRunnerMissing(dir: string): MlterraError {
  return new MlterraError({
    code: 'e2e-runner-missing',
    message: `jest cannot be resolved from ${dir}.`,
    expected: 'jest in the node_modules of the workspace',
    remedy: 'npm install --save-dev jest',
  });
}
