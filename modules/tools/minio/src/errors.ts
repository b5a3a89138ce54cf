import { MlterraError } from '@mlterra/core';

export function archivedNotAccepted(path: string, caution: string): MlterraError {
  return new MlterraError({
    code: 'minio-archived',
    message: `${path}: MinIO is archived upstream. ${caution}`,
    expected: '`acceptArchivedUpstream: true`, from whoever has to keep data on it',
    remedy: 'take @mlterra/seaweedfs or @mlterra/versitygw',
  });
}
