import { MlterraError } from '@mlterra/core';

export function archivedNotAccepted(path: string, caution: string): MlterraError {
  return new MlterraError({
    code: 'minio-archived',
    message: `${path}: MinIO is archived upstream. ${caution}`,
    expected: '`acceptArchivedUpstream: true`, from whoever has to keep data on it',
    remedy: 'take @mlterra/seaweedfs or @mlterra/versitygw',
  });
}

export function platformWithoutImages(path: string, kind: string): MlterraError {
  return new MlterraError({
    code: 'minio-platform',
    message: `${path}: MinIO does not run on a platform of the kind "${kind}".`,
    expected: 'a platform that runs images',
    remedy: 'use `addObjectStore` of the host, which keeps objects in a folder',
  });
}

export function portInvalid(path: string, given: number): MlterraError {
  return new MlterraError({
    code: 'minio-port',
    message: `${path}: MinIO cannot listen on port ${given}.`,
    expected: 'a whole number from 1024 to 65535',
  });
}
