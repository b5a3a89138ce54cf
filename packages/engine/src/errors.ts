import { MlterraError } from '@mlterra/core';
import type { OtherTarget } from './run/targets';

export function environmentMissing(dir: string): MlterraError {
  return new MlterraError({
    code: 'environment-missing',
    message: `There is no environment.ts in ${dir}.`,
    expected:
      'a folder environments/<name> with an environment.ts that default-exports defineEnvironment({…})',
  });
}

/** @param packages what the environment imports and is not installed */
export function environmentType(
  file: string,
  problems: readonly string[],
  packages: readonly string[] = [],
): MlterraError {
  return new MlterraError({
    code: 'environment-type',
    message: `${file} does not compile:\n${problems.map((problem) => `  ${problem}`).join('\n')}`,
    remedy:
      packages.length === 0
        ? 'correct the types; nothing was planned or applied'
        : `run: npm install ${packages.join(' ')}`,
  });
}

export function environmentRuntime(file: string, where: string | undefined, error: unknown): MlterraError {
  return new MlterraError({
    code: 'environment-runtime',
    message: `${file} failed while it was run${where === undefined ? '' : ` (${where})`}: ${messageOf(error)}`,
    remedy: 'correct it; nothing was planned or applied; --verbose shows the stack trace',
    cause: error,
  });
}

/** @param problems each with the path of its construct in front */
export function environmentInvalid(file: string, problems: readonly string[], error: unknown): MlterraError {
  const listed = problems.map((problem) => `  ${problem.replaceAll('\n', '\n  ')}`).join('\n');
  return new MlterraError({
    code: 'invalid',
    message: `${file} is refused:\n${listed}`,
    remedy: 'correct it; nothing was planned or applied',
    cause: error,
  });
}

export function environmentExport(file: string, given: string): MlterraError {
  return new MlterraError({
    code: 'environment-export',
    message: `${file} default-exports ${given}.`,
    expected: 'export default defineEnvironment({…}) from @mlterra/core',
  });
}

export function environmentName(file: string, given: string, folder: string): MlterraError {
  return new MlterraError({
    code: 'environment-name',
    message: `${file} defines the environment "${given}" in the folder "${folder}".`,
    expected: 'the same name for both, because the name is the key of the states',
    remedy:
      'rename one of them; a renamed environment begins with new states, and what was applied under the old name stays',
  });
}

export function stageUnknown(given: string, known: readonly string[]): MlterraError {
  return new MlterraError({
    code: 'stage-unknown',
    message: `No environment here has a stage "${given}".`,
    expected: known.length === 0 ? 'the environments have no stages' : `one of: ${known.join(', ')}`,
  });
}

export function stageProtected(stages: readonly string[], environment: string): MlterraError {
  return new MlterraError({
    code: 'stage-protected',
    message: `The stage ${stages.join(', ')} of ${environment} is protected from being destroyed.`,
    remedy:
      'to destroy it all the same, set overrides: { deletionProtection: false } on the stage in environment.ts, apply that, then destroy',
  });
}

export function engineMissing(given: string | undefined): MlterraError {
  return new MlterraError({
    code: 'engine-missing',
    message:
      given === undefined
        ? 'No terraform was found on the PATH.'
        : `The engine binary "${given}" was not found or cannot be run.`,
    expected: 'Terraform 1.5 or newer',
    remedy:
      'install it (https://developer.hashicorp.com/terraform/install), or name the binary by --engine or MLTERRA_ENGINE',
  });
}

export function engineOld(found: string, needed: string, why: string): MlterraError {
  return new MlterraError({
    code: 'engine-old',
    message: `Terraform ${found} is too old: ${why}.`,
    expected: `Terraform ${needed} or newer`,
  });
}

export function workspaceVariable(given: string): MlterraError {
  return new MlterraError({
    code: 'workspace-variable',
    message: `TF_WORKSPACE is set to "${given}".`,
    expected: 'the default workspace: stages are told apart by their state keys',
    remedy: 'unset TF_WORKSPACE',
  });
}

/** @param argument what of it is refused, without its value where that may be a secret */
export function argumentRefused(variable: string, argument: string): MlterraError {
  return new MlterraError({
    code: 'argument-refused',
    message: `${variable} holds ${argument}, which is not passed on: it could change what a run does.`,
    expected: 'only -parallelism=<count>, -lock-timeout=<duration> and -compact-warnings',
    remedy: `remove it from ${variable}; nothing was planned or applied`,
  });
}

/** @param why what it would change */
export function variableRefused(variable: string, why: string): MlterraError {
  return new MlterraError({
    code: 'variable-refused',
    message: `${variable} is set: ${why}.`,
    expected: `a run without ${variable}`,
    remedy: `unset ${variable}; nothing was planned or applied`,
  });
}

/** @param chain folders from a module to itself */
export function moduleCycle(key: string, name: string, chain: readonly string[]): MlterraError {
  return new MlterraError({
    code: 'module-cycle',
    message: `The module "${name}" of ${key} calls a module that calls itself: ${chain.join(' -> ')}.`,
    expected: 'modules that call others only',
    remedy: 'take one of these calls out',
  });
}

export function moduleMissing(key: string, module: string, source: string, dir: string): MlterraError {
  return new MlterraError({
    code: 'module-missing',
    message: `The stack ${key} calls the Terraform module "${module}" from ${source}, and there is no ${dir}.`,
    expected:
      "a folder, relative to that of the environment, or an absolute path such as path.join(__dirname, '…')",
    remedy: 'correct the source of the module; nothing was planned or applied',
  });
}

export function providersUnlocked(environment: string, providers: readonly string[]): MlterraError {
  return new MlterraError({
    code: 'providers-unlocked',
    message: `The environment ${environment} uses ${providers.join(', ')}, but its provider lock does not name ${providers.length === 1 ? 'it' : 'them'}.`,
    expected: 'a committed .terraform.lock.hcl beside environment.ts',
    remedy: `run: npx mlterra providers lock ${environment}`,
  });
}

/** Where no lock is written on the way: a pipeline takes what people have committed. */
export function providersNotCommitted(
  environment: string,
  providers: readonly string[],
  why: string,
): MlterraError {
  return new MlterraError({
    code: 'providers-unlocked',
    message: `The environment ${environment} uses ${providers.join(', ')}, but its provider lock does not name ${providers.length === 1 ? 'it' : 'them'}, and ${why}, so none is written here. Nothing was done.`,
    remedy: `run on your machine: npx mlterra providers lock ${environment}; and commit environments/${environment}/.terraform.lock.hcl`,
  });
}

export function providersNotLocked(
  environment: string,
  providers: readonly string[],
  cause: unknown,
): MlterraError {
  return new MlterraError({
    code: 'providers-unlocked',
    message: `The environment ${environment} uses ${providers.join(', ')}, which ${providers.length === 1 ? 'is' : 'are'} not in its provider lock yet and could not be had: ${messageOf(cause)}\nNothing was done.`,
    remedy: `check the way to the registry, or name a mirror in the file of TF_CLI_CONFIG_FILE; providers of a folder: npx mlterra providers lock ${environment} --mirror <folder>`,
    cause,
  });
}

export function stateFolderFull(folder: string, freeBytes: number): MlterraError {
  return new MlterraError({
    code: 'state-folder-full',
    message: `There is no space left for states in ${folder} (${freeBytes} bytes free).`,
    expected: 'at least 1 MiB, so that every state can be written',
    remedy: 'free space on that disk and run again; nothing was changed',
  });
}

export function stateUnsaved(key: string, file: string): MlterraError {
  return new MlterraError({
    code: 'state-unsaved',
    message: `An earlier apply of ${key} could not save its state; it is in ${file}.`,
    remedy: 'run apply: it saves that state before it does anything else',
  });
}

/** The text is not shown: its values are in the open. */
export function planUnreadable(): MlterraError {
  return new MlterraError({
    code: 'engine-failed',
    message: 'The engine printed a plan that is no JSON.',
    expected: 'the whole output of "show -json"',
    remedy: 'run again; nothing was applied',
  });
}

export function confirmationMissing(): MlterraError {
  return new MlterraError({
    code: 'confirmation-missing',
    message: 'destroy asks before it does anything, and there is no terminal to ask on.',
    remedy: 'run it again with --yes',
  });
}

export function unlockConfirmationMissing(): MlterraError {
  return new MlterraError({
    code: 'confirmation-missing',
    message: 'unlock asks before it frees a lock, and there is no terminal to ask on.',
    remedy: 'run it again with --yes',
  });
}

/** @param other what leads elsewhere today; where several do, one of them */
export function otherTarget(key: string, { name, before, today }: OtherTarget): MlterraError {
  const { value, from, inSource } = today;
  const move =
    inSource === undefined
      ? 'to move the stack, destroy it there first'
      : `to move the stack, name the new place in the source (${inSource}), which is planned as a change, or destroy it there first`;
  return new MlterraError({
    code: 'other-target',
    message: `${from} leads to the ${name} ${value}, but ${key} was applied to ${before.value}. Nothing of it was changed.`,
    expected: `the ${name} ${before.value}`,
    remedy: `set it back; ${move}`,
  });
}

export function stackUnknown(given: string, known: readonly string[]): MlterraError {
  return new MlterraError({
    code: 'stack-unknown',
    message: `There is no stack "${given}" here.`,
    expected: known.length === 0 ? 'the environment has no stacks' : `one of: ${known.join(', ')}`,
  });
}

export function declined(): MlterraError {
  return new MlterraError({
    code: 'declined',
    message: 'Nothing was destroyed: the answer was not the name of the environment.',
  });
}

export function removedNeedsSource(key: string, providers: readonly string[]): MlterraError {
  return new MlterraError({
    code: 'removed-needs-source',
    message: `The removed stack ${key} has resources of ${providers.join(', ')}, whose configuration is not at hand.`,
    remedy:
      'check out the last commit that still defines the stack and run destroy there, or put it back and destroy it first',
  });
}

/** The message of whatever was thrown, also by code of another realm. */
export function messageOf(error: unknown): string {
  return isErrorLike(error) ? error.message : String(error);
}

/** Whether it looks like an Error; `instanceof` does not know those of another realm. */
export function isErrorLike(error: unknown): error is Error {
  return typeof error === 'object' && error !== null && typeof (error as Error).message === 'string';
}

export function stateCorrupt(name: string, found: string, earlier: string): MlterraError {
  return new MlterraError({
    code: 'state-corrupt',
    message: `The state ${name} ${found}.`,
    expected: "a whole state of Terraform's format version 4",
    remedy: `restore it from ${earlier}; mlterra never overwrites it`,
  });
}

export function stateUnreadable(name: string, cause: unknown): MlterraError {
  return new MlterraError({
    code: 'state-unreadable',
    message: `The state ${name} cannot be read: ${messageOf(cause)}`,
    expected: 'a place that this user may read and write',
    ...((cause as NodeJS.ErrnoException).code === 'EACCES'
      ? {
          remedy:
            'run as the owner of the file; to share states with other users, keep them by s3State or pgState',
        }
      : {}),
    cause,
  });
}

export function stateBackendUnknown(type: string, known: readonly string[]): MlterraError {
  return new MlterraError({
    code: 'state-backend-unknown',
    message: `States of the backend "${type}" cannot be read.`,
    expected: `one of: ${known.join(', ')}`,
  });
}

export function stateBucketMissing(bucket: string, server: string): MlterraError {
  return new MlterraError({
    code: 'state-bucket-missing',
    message: `There is no bucket ${bucket} at ${server}.`,
    expected: 'a bucket that exists before the first plan, with versioning switched on',
    remedy: 'create it, or correct s3State({ bucket: … })',
  });
}

export function stateAccess(given: string, expected: string, cause: unknown): MlterraError {
  return new MlterraError({
    code: 'state-access',
    message: `The states cannot be read: ${given}.`,
    expected,
    cause,
  });
}

export function stateServerUnreachable(server: string, why: string, cause: unknown): MlterraError {
  return new MlterraError({
    code: 'state-server-unreachable',
    message: `The states cannot be read: ${server} cannot be reached (${why}).`,
    remedy: 'check address, network and whether the server runs, then run again; nothing was changed',
    cause,
  });
}

export function pgConnectionMissing(): MlterraError {
  return new MlterraError({
    code: 'pg-connection-missing',
    message: 'The states are in PostgreSQL, and the variable PG_CONN_STR is not set.',
    expected: 'PG_CONN_STR=postgres://<user>:<password>@<host>:<port>/<database>',
  });
}

export function pgConnectionInvalid(): MlterraError {
  return new MlterraError({
    code: 'pg-connection-invalid',
    message: 'The variable PG_CONN_STR is no connection string.',
    expected: 'postgres://<user>:<password>@<host>:<port>/<database>, or pairs such as host=… dbname=…',
  });
}

/** @param signal what the process was asked to stop by */
export function interrupted(signal: string): MlterraError {
  return new MlterraError({
    code: 'interrupted',
    message: `Stopped by ${signal} before it began.`,
    remedy: 'run the same command again',
  });
}

/** @param unfinished addresses whose creation was under way */
export function engineKilled(key: string, unfinished: readonly string[], unlock: string): MlterraError {
  const left =
    unfinished.length === 0
      ? ''
      : ` Created in part, or without being in the state: ${unfinished.join(', ')}.`;
  return new MlterraError({
    code: 'engine-killed',
    message: `The engine was killed while it changed ${key}. Its state is the one it wrote last, and may still be locked.${left}`,
    remedy: `run apply again: it resumes, and replaces what was created in part; where the state is locked, first run: ${unlock}`,
  });
}

export function stateMoved(key: string): MlterraError {
  return new MlterraError({
    code: 'state-moved',
    message: `Another run has changed the state of ${key} since this one read it. Nothing was changed by this one.`,
    remedy: 'run the same command again',
  });
}

/** A saved plan that the engine refuses, because the state is another one than it was made for. */
export function planStale(key: string): MlterraError {
  return new MlterraError({
    code: 'plan-stale',
    message: `Another run has changed the state of ${key} since this one planned. Nothing was changed by this one.`,
    remedy: 'run the same command again',
  });
}

/** @param holder who changes the stack, in words */
export function stackUnderWay(key: string, holder: string, seconds: number): MlterraError {
  return new MlterraError({
    code: 'state-busy',
    message: `The state of ${key} is ${holder}.`,
    expected: `one run at a time; this one waited ${seconds} s`,
    remedy: 'run again when that one has ended, or wait longer with --lock-timeout <seconds>',
  });
}

/** An engine that outlived the run that started it. */
export function engineOutlived(key: string, command: string, pid: number, since: string): MlterraError {
  return new MlterraError({
    code: 'run-busy',
    message: `The ${command} of ${key} that began at ${since} was cut off, but its engine still works: process ${pid}.`,
    expected: 'it ends by itself and saves its state',
    remedy: 'run again when it has ended, or wait longer with --lock-timeout <seconds>',
  });
}

/** @param problems what the engine said to the imports */
export function adoptionFailed(
  key: string,
  problems: readonly { readonly summary: string; readonly detail?: string }[],
  journal: string,
): MlterraError {
  const said = problems
    .map(({ summary, detail }) => (detail === undefined ? summary : `${summary}: ${detail}`))
    .join('; ');
  return new MlterraError({
    code: 'adoption-failed',
    message: `A killed run created resources of ${key} that it could not save, and they cannot be imported: ${said}`,
    expected: 'resources that can be imported by the id that their provider gave them',
    remedy: `put back what the source no longer has of them, or delete them by hand and remove ${journal}`,
  });
}
