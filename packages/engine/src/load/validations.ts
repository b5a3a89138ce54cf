import { isErrorLike } from '../errors';

const HEADING = /^Validation failed with the following errors:\n/;
/** CDKTF advises to skip the validations that failed: there is no such way here. */
const ADVICE = /\s*If you wish to ignore these validations,[^]*$/;

/**
 * What validations of constructs found, each as `<path>: <what>`: CDKTF throws them as one text, each behind `[<path>]`
 * on a line of its own, and some name their path themselves.
 * @returns undefined where the error is another one
 */
export function failedValidations(error: unknown): readonly string[] | undefined {
  if (!isErrorLike(error) || !HEADING.test(error.message)) return undefined;
  const text = `\n${error.message.replace(HEADING, '').replace(ADVICE, '')}`;
  return text
    .split(/\n {2}(?=\[[^\]\n]*\] )/)
    .slice(1)
    .map((problem) => {
      const [, path, what] = /^\[([^\]]*)\] ([^]*)$/.exec(problem)!;
      return path === '' || what!.startsWith(`${path}: `) ? what! : `${path}: ${what}`;
    });
}
