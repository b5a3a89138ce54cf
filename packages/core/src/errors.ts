/** What went wrong, in the caller's terms. */
export interface MlterraErrorDetails {
  /** Stable identifier, e.g. `stage-unknown`; programs match on it. */
  readonly code: string;
  /** What was given or found. One sentence. */
  readonly message: string;
  /** What is expected instead. @default - said in the message */
  readonly expected?: string;
  /** What to do next. @default - said in the message */
  readonly remedy?: string;
  /** The error underneath, shown with `--verbose` only. @default - none */
  readonly cause?: unknown;
}

/**
 * An error a person can act on: shown as text without a stack trace unless `--verbose` is given.
 * Everything else that is thrown counts as a defect of mlterra itself.
 */
export class MlterraError extends Error {
  public readonly code: string;
  public readonly expected?: string;
  public readonly remedy?: string;

  public constructor(details: MlterraErrorDetails) {
    const lines = [details.message];
    if (details.expected !== undefined) lines.push(`  expected: ${details.expected}`);
    if (details.remedy !== undefined) lines.push(`  to do:    ${details.remedy}`);
    super(lines.join('\n'), details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'MlterraError';
    this.code = details.code;
    this.expected = details.expected;
    this.remedy = details.remedy;
  }

  /** Works across copies of this package, where `instanceof` does not. */
  public static is(error: unknown): error is MlterraError {
    return (
      typeof error === 'object' &&
      error !== null &&
      'code' in error &&
      (error as { name?: unknown }).name === 'MlterraError'
    );
  }
}

const CHILD_MARKER = 'MLTERRA_ERROR ';

/**
 * One line a child process prints on its standard error, so that the engine shows this error
 * instead of Terraform's report of a failed provisioner.
 */
export function childErrorLine(error: MlterraError): string {
  const { code, message } = error;
  return CHILD_MARKER + JSON.stringify({ code, message });
}

/** Finds the first {@link childErrorLine} in the output of a child process. */
export function parseChildError(output: string): MlterraError | undefined {
  for (const line of output.split('\n')) {
    const at = line.indexOf(CHILD_MARKER);
    if (at < 0) continue;
    try {
      const { code, message } = JSON.parse(line.slice(at + CHILD_MARKER.length)) as {
        code: string;
        message: string;
      };
      return new MlterraError({ code, message });
    } catch {
      continue;
    }
  }
  return undefined;
}

export function invalidName(what: string, given: string, path?: string): MlterraError {
  return new MlterraError({
    code: 'name-invalid',
    message: `${path === undefined ? '' : `${path}: `}"${given}" is not a name for ${what}.`,
    expected:
      'a lower-case letter, then up to 29 lower-case letters, digits or hyphens, not ending in a hyphen',
  });
}

export function duplicateStack(key: string): MlterraError {
  return new MlterraError({
    code: 'stack-duplicate',
    message: `The stack ${key} is defined twice.`,
    expected: 'every stack of a stage has a name of its own',
    remedy: 'rename one of them, or build both parts in the one stack',
  });
}

export function ambiguousStack(first: string, second: string): MlterraError {
  return new MlterraError({
    code: 'stack-ambiguous',
    message: `The stacks ${first} and ${second} would share one working folder.`,
    expected: 'stage and stack, joined by a hyphen, name one stack only',
    remedy: 'rename one of them',
  });
}

export function duplicateOutput(stack: string, name: string, first: string, second: string): MlterraError {
  return new MlterraError({
    code: 'output-duplicate',
    message: `Two outputs of the stack ${stack} are both named ${name}: those of ${first} and ${second}.`,
    expected: 'paths of constructs that differ in more than their separators',
    remedy: 'rename one of the constructs, fields or services',
  });
}

const OUTPUT_FORMS: Readonly<Record<string, string>> = {
  text: 'the output itself, or output.at(scope)',
  number: 'output.number',
  boolean: 'output.boolean',
  list: 'output.list',
  object: 'output.object',
};

/** The value is not shown: it may be secret. */
export function outputOfOtherType(
  output: string,
  stack: string,
  given: string,
  wanted: string,
): MlterraError {
  const article = given === 'object' ? 'an' : 'a';
  const why = given === 'text' ? ` that is no ${wanted}` : '';
  return new MlterraError({
    code: 'output-type',
    message: `The output ${output} of the stack ${stack} is read as ${wanted}, and what is exported is ${article} ${given}${why}.`,
    expected: `${article} ${given} is read by ${OUTPUT_FORMS[given]}`,
    remedy: `read it so, or export another value by exportOutputs`,
  });
}

export function reservedStage(environment: string): MlterraError {
  return new MlterraError({
    code: 'stage-reserved',
    message: `The environment ${environment} defines a stage named "shared".`,
    expected: '"shared" is the stage of the stacks that all stages share',
    remedy: 'rename the stage; build shared stacks in the function `shared` of the definition',
  });
}

export function crossStackReference(from: string, identifier: string): MlterraError {
  return new MlterraError({
    code: 'cross-stack-reference',
    message: `Another stack uses ${identifier} of the stack ${from} directly.`,
    expected: 'stacks read each other only through their fixed, typed outputs',
    remedy: 'export the value with `exportOutputs` and read it with `output.at(scope)`',
  });
}

export function stateDirectoryInvalid(given: string, problem: string): MlterraError {
  return new MlterraError({
    code: 'state-directory',
    message: `localState({ directory: ${JSON.stringify(given)} }): the directory ${problem}.`,
    expected: "a folder relative to the environment's folder, with / between its parts, e.g. ../../states",
    remedy:
      'name the folder relative to environment.ts; for a folder elsewhere, make a link to it beside environment.ts and name the link',
  });
}

export function stageCrossed(from: string, does: string, to: string): MlterraError {
  return new MlterraError({
    code: 'stage-crossed',
    message: `The stack ${from} ${does} ${to}, a stack of another stage.`,
    expected: 'a stage uses its own stacks and those of the stage "shared"',
    remedy: 'build what both stages need in the function `shared` of the environment',
  });
}

export function referenceAsString(kind: string): MlterraError {
  return new MlterraError({
    code: 'reference-as-string',
    message: `A ${kind} is put into a plain string, where its value is not known.`,
    expected: 'the tag `text` before a template string that holds it',
    remedy: "import { text } from '@mlterra/core' and write text`…${value}…` instead of `…${value}…`",
  });
}

/** @param missing paths of the resources without a provider, by provider */
export function providerMissing(
  stack: string,
  missing: ReadonlyMap<string, readonly string[]>,
): MlterraError {
  const lists = [...missing].map(([provider, paths]) => `${provider} for ${paths.join(', ')}`);
  const constructs = [...missing.keys()].map((provider) => `new ${providerClass(provider)}(stack, …)`);
  return new MlterraError({
    code: 'provider-missing',
    message: `The stack ${stack} has resources without their provider: ${lists.join('; ')}.`,
    expected: 'one construct of each provider in every stack that has resources of it',
    remedy: `make it in that stack: ${constructs.join(', ')}; or use the construct of the module that makes it`,
  });
}

/** `google-beta` is `GoogleBetaProvider` in the bindings. */
function providerClass(provider: string): string {
  const words = provider.split(/[-_]/).map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  return `${words.join('')}Provider`;
}

export function dependencyCycle(keys: readonly string[]): MlterraError {
  return new MlterraError({
    code: 'dependency-cycle',
    message: `The stacks depend on each other in a cycle: ${keys.join(' -> ')}.`,
    remedy: 'move what both need into a stack of its own, and let both read that one',
  });
}

export function notInStack(path: string): MlterraError {
  return new MlterraError({
    code: 'stack-missing',
    message: `The construct ${path} is not inside a stack of an mlterra environment.`,
    expected: 'a scope below `stage.stack("name")`',
  });
}

export function secretWithoutValue(path: string): MlterraError {
  return new MlterraError({
    code: 'secret-without-value',
    message: `${path} needs the value of a secret that its platform keeps to itself.`,
    expected: 'a secret that Terraform made, as the platforms and databases of a cloud make them',
    remedy: 'take the database or service from the platform that the workload runs on',
  });
}

export function containersMissing(path: string): MlterraError {
  return new MlterraError({
    code: 'workload-containers-missing',
    message: `${path}: the workload has no container.`,
    expected: 'at least one in `containers`',
  });
}

export function replicasInvalid(path: string, given: number): MlterraError {
  return new MlterraError({
    code: 'workload-replicas-invalid',
    message: `${path}: the workload cannot have ${given} replicas.`,
    expected: 'a whole number, at least 1',
  });
}

export function commandEmpty(path: string, container: string): MlterraError {
  return new MlterraError({
    code: 'workload-command-empty',
    message: `${path}: the command of the container "${container}" is empty.`,
    expected: 'a program and its arguments, as the container has `program`',
    remedy: 'name a script that the requirements of `program` install as the first word of `command`',
  });
}

export function secretInCommand(path: string, container: string): MlterraError {
  return new MlterraError({
    code: 'workload-secret-in-command',
    message: `${path}: the command of the container "${container}" holds a secret.`,
    expected: 'arguments without secrets: whoever may list the processes or pods can read them',
    remedy: 'pass the secret by a variable or a file',
  });
}

export function mountUnknown(path: string, container: string, mount: string): MlterraError {
  return new MlterraError({
    code: 'workload-mount-unknown',
    message: `${path}: the container "${container}" refers to the mount path ${mount}, which it does not have.`,
    expected: 'a key of `files` or `volumes` of the same container',
  });
}

export function variableInvalid(path: string, container: string, name: string): MlterraError {
  return new MlterraError({
    code: 'workload-variable-invalid',
    message: `${path}: "${name}" cannot name a variable of the container "${container}".`,
    expected: 'letters, digits and underscores, not beginning with a digit',
  });
}

export function volumeInvalid(path: string, mount: string): MlterraError {
  return new MlterraError({
    code: 'workload-volume-invalid',
    message: `${path}: what is mounted at ${mount} is not a volume.`,
    expected: '{ name, sizeGiB }, e.g. { name: "data", sizeGiB: 1 }',
  });
}

export function volumeSizeInvalid(path: string, volume: string, sizeGiB: number): MlterraError {
  return new MlterraError({
    code: 'workload-volume-size-invalid',
    message: `${path}: the volume "${volume}" cannot have ${sizeGiB} GiB.`,
    expected: 'a whole number, at least 1',
  });
}

export function volumeDuplicate(path: string, volume: string): MlterraError {
  return new MlterraError({
    code: 'workload-volume-duplicate',
    message: `${path}: the workload has two volumes named "${volume}" that are not the same.`,
    expected: 'one size wherever containers share a volume, and one volume of a name in each container',
    remedy: 'rename one of them, or give them the same size',
  });
}

export function volumeOfManyUsers(path: string, volume: string, userIds: readonly number[]): MlterraError {
  return new MlterraError({
    code: 'workload-volume-users',
    message: `${path}: the containers that share the volume "${volume}" run as different users: ${userIds.join(' and ')}.`,
    expected: 'one `userId` for all containers on a volume: only its owner may enter it',
    remedy: 'give them the same `userId`, or a volume each',
  });
}

export function scalingInvalid(path: string, what: string, given: number): MlterraError {
  return new MlterraError({
    code: 'workload-scaling-invalid',
    message: `${path}: the workload cannot scale with ${what} ${given}.`,
    expected: '1 <= minReplicas <= maxReplicas, all whole numbers, and percentages from 1 to 100',
  });
}

export function scalingWithVolumes(path: string): MlterraError {
  return new MlterraError({
    code: 'workload-scaling-with-volumes',
    message: `${path}: a workload with volumes cannot have more than one replica.`,
    remedy: 'keep what it stores in a database or an object store, or leave out `scaling`',
  });
}

export function chartUnpinned(path: string, chart: string, version: string): MlterraError {
  return new MlterraError({
    code: 'chart-unpinned',
    message: `${path}: the version "${version}" of the chart "${chart}" names no single release.`,
    expected: 'one version, e.g. 1.2.3',
  });
}

export function chartRepositoryInvalid(path: string, chart: string, repository: string): MlterraError {
  return new MlterraError({
    code: 'chart-repository-invalid',
    message: `${path}: "${repository}" names no repository that the chart "${chart}" can be taken from.`,
    expected: 'an address that begins with https:// or oci://',
  });
}

export function chartMirrorInvalid(variable: string, given: string): MlterraError {
  return new MlterraError({
    code: 'chart-mirror-invalid',
    message: `${variable} is "${given}", which names no place for charts.`,
    expected: '"oci://<registry>/<path>", or the absolute path of a folder with <chart>-<version>.tgz in it',
    remedy: `correct ${variable}, or unset it to take charts from their own repositories`,
  });
}

export function portInvalid(path: string, container: string, port: number): MlterraError {
  return new MlterraError({
    code: 'workload-port-invalid',
    message: `${path}: the container "${container}" cannot listen on port ${port}.`,
    expected: 'a whole number from 1 to 65535',
  });
}

export function portUnknown(path: string, container: string, port: string): MlterraError {
  return new MlterraError({
    code: 'workload-port-unknown',
    message: `${path}: the port "${port}" of the container "${container}" is a value that only an apply knows.`,
    expected: 'a whole number from 1 to 65535 in the source: checks, services and firewalls are made of it',
    remedy: 'give the program a port of another stack by a variable or an argument, which take outputs',
  });
}

export function probeEmpty(path: string, container: string): MlterraError {
  return new MlterraError({
    code: 'workload-probe-empty',
    message: `${path}: the probe of the container "${container}" asks nothing.`,
    expected: 'the name of one of its `ports`, or a `command`',
  });
}

export function probePortUnknown(path: string, container: string, port: string): MlterraError {
  return new MlterraError({
    code: 'workload-probe-port-unknown',
    message: `${path}: the probe of the container "${container}" asks the port "${port}", which it does not have.`,
    expected: 'the name of one of its `ports`',
  });
}

export function imageUnpinned(path: string, container: string, image: string): MlterraError {
  return new MlterraError({
    code: 'workload-image-unpinned',
    message: `${path}: the image "${image}" of the container "${container}" names no release.`,
    expected: 'a tag other than "latest", or a digest, e.g. "ghcr.io/mlflow/mlflow:v3.17.2-full"',
    remedy: 'add the tag of a release to the image',
  });
}

export function imageMirrorInvalid(variable: string, given: string): MlterraError {
  return new MlterraError({
    code: 'image-mirror-invalid',
    message: `${variable} is "${given}", which names no registry.`,
    expected: 'a host, with port and path if it has them, e.g. "mirror.example.org:5000/team"',
    remedy: `correct ${variable}, or unset it to pull from the public registries`,
  });
}

export function userInvalid(path: string, container: string, userId: number): MlterraError {
  return new MlterraError({
    code: 'workload-user-invalid',
    message: `${path}: the container "${container}" cannot run as the user ${userId}.`,
    expected: 'the number of an ordinary user, at least 1: containers do not run as root',
  });
}

export function timeoutInvalid(path: string, seconds: number): MlterraError {
  return new MlterraError({
    code: 'task-timeout-invalid',
    message: `${path}: the task cannot end after ${seconds} seconds.`,
    expected: 'a whole number, at least 1',
  });
}

export function mountInvalid(path: string, container: string, mount: string): MlterraError {
  return new MlterraError({
    code: 'workload-mount-invalid',
    message: `${path}: nothing can be mounted at "${mount}" in the container "${container}".`,
    expected: 'an absolute path without "..", ":" or a slash at the end',
  });
}

export function publishedPortInvalid(
  path: string,
  name: string,
  port: number,
  { least, most }: { readonly least: number; readonly most: number },
): MlterraError {
  return new MlterraError({
    code: 'published-port-invalid',
    message: `${path}: port ${port} for "${name}" cannot be published.`,
    expected: `<workload>.<port name>, e.g. "mlflow.http", and a whole number from ${least} to ${most}`,
  });
}

export function publishedPortTwice(path: string, port: number, one: string, other: string): MlterraError {
  return new MlterraError({
    code: 'published-port-twice',
    message: `${path}: port ${port} is published for "${one}" and "${other}".`,
    expected: 'every published port leads to one workload',
  });
}

/** Told in a validation of the platform, before which CDKTF writes its path. */
export function publishedPortUnknown(name: string, known: readonly string[]): MlterraError {
  return new MlterraError({
    code: 'published-port-unknown',
    message: `"${name}" is published, but no workload has such a port.`,
    expected: known.length > 0 ? known.join(' or ') : 'a workload with ports, and there is none',
  });
}
