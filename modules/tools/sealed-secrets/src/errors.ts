import { MlterraError } from '@mlterra/core';

export function invalidRenewal(path: string, given: number): MlterraError {
  return new MlterraError({
    code: 'sealed-secrets-renewal',
    message: `${path}: keys cannot be renewed every ${given} days.`,
    expected: 'a whole number of days, at least 1, or 0 for never',
  });
}

export function folderRelative(path: string, given: string): MlterraError {
  return new MlterraError({
    code: 'sealed-secrets-folder',
    message: `${path}: "${given}" is not an absolute path.`,
    expected: 'the folder of the environment: `__dirname` in its environment.ts',
  });
}
