/**
 * Runs code whose standard output goes to standard error: an environment may print what it likes, and the result
 * of a command, such as the document of `--json`, stays alone on standard output.
 */
export function withoutStdout<T>(code: () => T): T {
  const { stdout, stderr } = process;
  const own = Object.getOwnPropertyDescriptor(stdout, 'write');
  stdout.write = (...args: unknown[]) => Reflect.apply(stderr.write, stderr, args) as boolean;
  try {
    return code();
  } finally {
    if (own === undefined) Reflect.deleteProperty(stdout, 'write');
    else Object.defineProperty(stdout, 'write', own);
  }
}
