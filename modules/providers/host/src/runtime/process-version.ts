import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { programNotInstalled } from '../errors';
import type { DesiredProcess } from '../spec';
import { writeAtomically } from './atomic-file';
import type { DataFolder, StackName } from './data-folder';
import { fullName } from './registry';
import { fileFolders, runScript } from './run-script';
import { startsFile } from './starts';
import { programConfig, programName } from './supervisor-config';

export interface ProcessVersionProps {
  readonly data: DataFolder;
  readonly name: StackName;
  readonly process: DesiredProcess;
  /** Folder with the program. */
  readonly binFolder: string;
  /** The program and its fixed arguments, for programs that are not named by the command. */
  readonly program?: readonly string[];
  readonly toolsBin: string;
}

/** A process, ready to be run: its folder is named after all that decides how it runs. */
export interface ProcessVersion {
  readonly process: DesiredProcess;
  readonly folder: string;
  /** Name of the folder. */
  readonly version: string;
  /** Name of the program at the supervisor. */
  readonly program: string;
  /** Configuration for the supervisor. */
  readonly config: string;
  /** Writes the folder. */
  write(): void;
}

export function processVersion(props: ProcessVersionProps): ProcessVersion {
  const { data, name, process, binFolder } = props;
  const base = processFolder(data, name, process.name);
  const script = (folder: string): string =>
    runScript({
      data,
      fullName: fullName(name, process.name),
      process,
      folder,
      workFolder: join(base, 'work'),
      startsFile: startsFile(data, name, process.name),
      logFile: data.logFile(name, process.name),
      program: props.program ?? [installedProgram(name, process, binFolder)],
      binFolder,
    });
  // Made once with a stand-in for the folder, whose name it decides.
  const content = JSON.stringify(process) + script('.');
  const folder = join(base, createHash('sha256').update(content).digest('hex').slice(0, 16));
  return {
    process,
    folder,
    version: basename(folder),
    program: programName(name, process.name),
    config: programConfig({ data, name, process, script: join(folder, 'run.sh'), toolsBin: props.toolsBin }),
    write: () => {
      mkdirSync(join(base, 'work'), { recursive: true, mode: 0o700 });
      for (const volume of process.volumes) {
        mkdirSync(data.absolute(volume.folder), { recursive: true, mode: 0o700 });
      }
      for (const path of fileFolders(process, folder)) mkdirSync(path, { recursive: true, mode: 0o700 });
      writeAtomically(join(folder, 'process.json'), JSON.stringify(process));
      writeAtomically(join(folder, 'run.sh'), script(folder), 0o700);
    },
  };
}

export function processFolder(data: DataFolder, name: StackName, process: string): string {
  return join(data.processesOf(name), process);
}

/** Removes the folders of all other versions. */
export function removeOtherVersions(data: DataFolder, name: StackName, version: ProcessVersion): void {
  const base = processFolder(data, name, version.process.name);
  for (const entry of readdirSync(base)) {
    const path = join(base, entry);
    if (/^[0-9a-f]{16}$/.test(entry) && path !== version.folder)
      rmSync(path, { recursive: true, force: true });
  }
}

function installedProgram(name: StackName, process: DesiredProcess, binFolder: string): string {
  const program = process.command[0]!.map((part) => (typeof part === 'string' ? part : '')).join('');
  const path = join(binFolder, program);
  if (program === '' || program.includes('/') || !existsSync(path)) {
    const requirements = process.program.kind === 'python' ? process.program.requirements : [];
    throw programNotInstalled(fullName(name, process.name), program, requirements);
  }
  return path;
}
