import { MlterraError } from '@mlterra/core/errors';

export function answered(status: number): MlterraError {
  return new MlterraError({ code: 'catalogue-answer', message: `it answers ${status}` });
}

export function redirectedTooOften(times: number): MlterraError {
  return new MlterraError({
    code: 'catalogue-redirects',
    message: `it redirects more than ${times} times`,
  });
}

export function rateLimited(until: string): MlterraError {
  return new MlterraError({
    code: 'catalogue-rate-limit',
    message: `GitHub answers nothing more to this address until ${until} (its rate limit)`,
  });
}

export function listIncomplete(pages: number): MlterraError {
  return new MlterraError({
    code: 'catalogue-list-long',
    message: `its list of tags has more than ${pages} pages`,
  });
}
