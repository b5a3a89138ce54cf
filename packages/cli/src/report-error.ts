import { MlterraError } from '@mlterra/core/errors';

/** Prints what went wrong to standard error; the stack trace only when `verbose`, or when it is a defect. */
export function reportError(error: unknown, verbose: boolean): void {
  const text =
    MlterraError.is(error) && !verbose ? error.message : error instanceof Error ? error.stack : error;
  process.stderr.write(`${String(text)}\n`);
}
