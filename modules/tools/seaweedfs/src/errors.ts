import { MlterraError } from '@mlterra/core';

export function platformWithoutImages(path: string, kind: string): MlterraError {
  return new MlterraError({
    code: 'seaweedfs-platform',
    message: `${path}: SeaweedFS does not run on a platform of the kind "${kind}".`,
    expected: 'a platform that runs images',
    remedy: 'use `addObjectStore` of the host, which keeps objects in a folder',
  });
}

export function portInvalid(path: string, given: number): MlterraError {
  return new MlterraError({
    code: 'seaweedfs-port',
    message: `${path}: SeaweedFS cannot listen on port ${given}.`,
    expected: 'a whole number from 1024 to 65535',
  });
}
