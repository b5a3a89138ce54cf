import { MlterraError } from '@mlterra/core';

export function platformWithoutImages(path: string, kind: string): MlterraError {
  return new MlterraError({
    code: 'redis-platform',
    message: `${path}: redis does not run on a platform of the kind "${kind}".`,
    expected: 'a platform that runs images',
    remedy: 'take a platform with containers, e.g. @mlterra/docker',
  });
}

export function portInvalid(path: string, given: number): MlterraError {
  return new MlterraError({
    code: 'redis-port',
    message: `${path}: redis cannot listen on port ${given}.`,
    expected: 'a whole number from 1024 to 65535',
  });
}

export function memoryInvalid(path: string, givenMiB: number): MlterraError {
  return new MlterraError({
    code: 'redis-memory',
    message: `${path}: redis cannot run with ${givenMiB} MiB of memory.`,
    expected: '64 MiB or more',
  });
}

export function databaseInvalid(path: string, given: number, count: number): MlterraError {
  return new MlterraError({
    code: 'redis-database',
    message: `${path}: there is no database ${given}.`,
    expected: `a whole number from 0 to ${count - 1}`,
  });
}
