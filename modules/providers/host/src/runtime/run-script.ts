import { basename, join } from 'node:path';
import type { DesiredProcess, DesiredText } from '../spec';
import type { DataFolder } from './data-folder';
import { endLeftovers } from './leftovers';
import { shellQuote } from './shell-quote';
import { noteStart } from './starts';

export interface RunScriptProps {
  readonly data: DataFolder;
  /** `<environment>/<stage>/<stack>/<process>` */
  readonly fullName: string;
  readonly process: DesiredProcess;
  /** Folder of this version of the process; files are written into it. */
  readonly folder: string;
  /** Folder the process runs in. */
  readonly workFolder: string;
  /** Gets a line for every start. */
  readonly startsFile: string;
  /** Where the supervisor writes what the process says. */
  readonly logFile: string;
  /** Absolute path of the program and its fixed arguments; the arguments of the process follow. */
  readonly program: readonly string[];
  /** Put before the PATH. */
  readonly binFolder: string;
}

/**
 * The script that becomes the process. Secrets are read here, at the last moment, so that their values are in
 * no configuration and no argument; a command substitution would cut newlines off, hence the full stop.
 */
export function runScript(props: RunScriptProps): string {
  const { data, process } = props;
  const secrets: string[] = [];
  const mounts = new Map<string, string>([
    ...process.files.map(({ path }, index) => [path, filePath(props.folder, index, path)] as const),
    ...process.volumes.map(({ path, folder }) => [path, data.absolute(folder)] as const),
  ]);
  const secretVariable = (reference: string): string => {
    if (!secrets.includes(reference)) secrets.push(reference);
    return `mlterra_secret_${secrets.indexOf(reference)}`;
  };
  const render = (value: DesiredText): string => {
    const words = value.map((part) => {
      if (typeof part === 'string') return shellQuote(part);
      if ('secret' in part) return `"\${${secretVariable(part.secret)}}"`;
      if ('folder' in part) return shellQuote(data.absolute(part.folder));
      return shellQuote(mounts.get(part.mount)!);
    });
    return words.length === 0 ? "''" : words.join('');
  };

  const files = process.files.map(
    ({ path, content }, index) =>
      `printf '%s' ${render(content)} >${shellQuote(filePath(props.folder, index, path))}`,
  );
  const variables = process.variables.map(({ name, value }) => `export ${name}=${render(value)}`);
  const command = [
    ...props.program.map(shellQuote),
    ...process.command.slice(process.program.kind === 'python' ? 1 : 0).map(render),
  ];
  const readSecrets = secrets.map(
    (reference, index) =>
      `mlterra_secret_${index}=$(cat ${shellQuote(data.absolute(reference))} && printf .)\n` +
      `mlterra_secret_${index}=\${mlterra_secret_${index}%.}`,
  );
  return [
    '#!/bin/sh',
    'set -eu',
    'umask 077',
    noteStart(props.startsFile, props.logFile, props.folder),
    `cd ${shellQuote(props.workFolder)}`,
    'unset SUPERVISOR_SERVER_URL SUPERVISOR_PROCESS_NAME SUPERVISOR_GROUP_NAME SUPERVISOR_ENABLED MLTERRA_SUPERVISES',
    endLeftovers(props.fullName, data.root),
    `export PATH=${shellQuote(props.binFolder)}:"$PATH"`,
    `export MLTERRA_PROCESS=${shellQuote(props.fullName)}`,
    `export MLTERRA_PROCESS_DATA=${shellQuote(data.root)}`,
    ...readSecrets,
    ...files,
    ...variables,
    ...(secrets.length === 0
      ? []
      : [`unset ${secrets.map((_, index) => `mlterra_secret_${index}`).join(' ')}`]),
    `exec ${command.join(' ')}`,
    '',
  ].join('\n');
}

function filePath(folder: string, index: number, path: string): string {
  return join(folder, 'files', String(index), basename(path));
}

/** Folders that must exist before the script runs. */
export function fileFolders(process: DesiredProcess, folder: string): string[] {
  return process.files.map((_, index) => join(folder, 'files', String(index)));
}
