import { MlterraError } from '@mlterra/core';

export function folderUnusable(folder: string, why: string, cause?: unknown): MlterraError {
  return new MlterraError({
    code: 'rehearsal-folder',
    message: `A rehearsal needs a temporary folder, and ${folder} cannot be used: ${why}.`,
    expected: 'a folder for temporary files that can be written, with 16 MiB free',
    remedy: 'make room there, or set TMPDIR to another folder',
    cause,
  });
}

export function rehearsalStopped(): MlterraError {
  return new MlterraError({ code: 'rehearsal-stopped', message: 'The rehearsal was stopped.' });
}

export function remoteStateForeign(key: string, name: string): MlterraError {
  return new MlterraError({
    code: 'rehearsal-remote-state',
    message: `The stack ${key} reads data.terraform_remote_state.${name}, which is no state of this environment.`,
    expected: 'stacks that read outputs of their own environment only',
    remedy:
      'export the value with `exportOutputs` and read it with `output.at(scope)`, or give it as a setting',
  });
}

export function levelUnknown(given: string): MlterraError {
  return new MlterraError({
    code: 'rehearsal-level',
    message: `"${given}" is no level of a rehearsal.`,
    expected: 'rehearsal, hybrid or real, for one provider as <provider>=<level>',
  });
}

export function realNotAllowed(providers: readonly string[]): MlterraError {
  return new MlterraError({
    code: 'rehearsal-real',
    message: `The level real would have ${providers.join(', ')} create, change and destroy real things, with the credentials of this machine.`,
    expected: 'an emulator or a server that may be changed, and the word that this is meant',
    remedy: 'add --allow-real (allowReal in code) if it is; otherwise use the level hybrid',
  });
}

export function reportUnusable(file: string, why: string, cause?: unknown): MlterraError {
  return new MlterraError({
    code: 'rehearsal-report',
    message: `The report cannot be written to ${file}: ${why}.`,
    expected: 'a file, in a folder that is there or can be made',
    cause,
  });
}

export function levelForUnused(provider: string, used: readonly string[]): MlterraError {
  return new MlterraError({
    code: 'rehearsal-level-unused',
    message: `A level is set for the provider "${provider}", which the environment does not use.`,
    expected: used.length === 0 ? 'it uses no provider' : `one of: ${used.join(', ')}`,
  });
}

export function faultsUnused(faults: readonly string[]): MlterraError {
  return new MlterraError({
    code: 'rehearsal-fault-unused',
    message: `What was to go wrong did not happen: ${faults.join(', ')}.`,
    expected: 'a type, an address and a count that the rehearsed stacks have',
  });
}
