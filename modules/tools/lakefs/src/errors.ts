import { MlterraError } from '@mlterra/core';

export function platformWithoutImages(path: string, kind: string): MlterraError {
  return new MlterraError({
    code: 'lakefs-platform',
    message: `${path}: lakeFS does not run on a platform of the kind "${kind}".`,
    expected: 'a platform that runs images',
  });
}

export function portInvalid(path: string, given: number): MlterraError {
  return new MlterraError({
    code: 'lakefs-port',
    message: `${path}: lakeFS cannot listen on port ${given}.`,
    expected: 'a whole number from 1024 to 65535',
  });
}

export function storeUnknown(path: string, given: string): MlterraError {
  return new MlterraError({
    code: 'lakefs-object-store',
    message: `${path}: lakeFS cannot keep objects in a store whose URI begins with "${given}".`,
    expected: 'a bucket of an S3-compatible server or of Google Cloud: s3://… or gs://…',
    remedy: 'give it an object store of the cloud, or of `Versitygw`',
  });
}

export function databaseNameInvalid(path: string, given: string): MlterraError {
  return new MlterraError({
    code: 'lakefs-database-name',
    message: `${path}: "${given}" is not a name for the database of lakeFS.`,
    expected: 'a lower-case letter, then up to 62 lower-case letters, digits or underscores',
    remedy: 'set `databaseName`',
  });
}

export function halfGateway(path: string, given: 'gateway' | 'hostname'): MlterraError {
  const missing = given === 'gateway' ? 'hostname' : 'gateway';
  return new MlterraError({
    code: 'lakefs-gateway',
    message: `${path}: lakeFS got a \`${given}\` and no \`${missing}\`.`,
    expected: 'both, or neither',
  });
}
