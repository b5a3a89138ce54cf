import { MlterraError } from '@mlterra/core';

/** @param what it would be in, e.g. `the values of the chart "redis"` */
export function secretRecordedInPlainText(path: string, what: string, where: string): MlterraError {
  return new MlterraError({
    code: 'recording-secret-in-plain-text',
    message: `${path}: ${what} would hold a secret, at "${where}", in the open.`,
    expected: 'the name of a Secret there',
    remedy: 'put the secret into a Secret by `addSecret`, and name that one',
  });
}
