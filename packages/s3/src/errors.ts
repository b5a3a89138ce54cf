import { MlterraError } from '@mlterra/core';
import type { S3Program } from './s3-server';

type Named = Pick<S3Program, 'title' | 'code'>;

export function platformWithoutImages(path: string, { title, code }: Named, kind: string): MlterraError {
  return new MlterraError({
    code: `${code}-platform`,
    message: `${path}: ${title} does not run on a platform of the kind "${kind}".`,
    expected: 'a platform that runs images',
    remedy: 'use `addObjectStore` of the host, which keeps objects in a folder',
  });
}

export function portInvalid(path: string, { title, code }: Named, given: number): MlterraError {
  return new MlterraError({
    code: `${code}-port`,
    message: `${path}: ${title} cannot listen on port ${given}.`,
    expected: 'a whole number from 1024 to 65535',
  });
}
