import { MlterraError } from '@mlterra/core/errors';

/** Prints what went wrong: the text of an error people can act on, the stack trace of any other. */
export function printError(error: unknown, verbose: boolean): void {
  const text =
    MlterraError.is(error) && !verbose ? error.message : error instanceof Error ? error.stack : error;
  process.stderr.write(`${String(text)}\n`);
}
