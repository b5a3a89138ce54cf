import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { DesiredProcess } from '../spec';
import { writeAtomically } from './atomic-file';
import type { DataFolder, StackName } from './data-folder';
import { programName } from './supervisor-config';

/** A process the supervisor is configured to run. */
export interface RegisteredProcess {
  readonly name: StackName;
  readonly process: string;
  /** Name of the program at the supervisor. */
  readonly program: string;
  /** The process as it was wanted; absent when it cannot be read. */
  readonly desired?: DesiredProcess;
  /** The configuration as it is. */
  readonly config: string;
}

/** What the supervisor of an environment is configured to run: the files of its configuration folder. */
export function registeredProcesses(data: DataFolder): RegisteredProcess[] {
  if (!existsSync(data.configFolder)) return [];
  return readdirSync(data.configFolder)
    .filter((file) => file.endsWith('.conf'))
    .sort()
    .flatMap((file) => {
      const program = file.slice(0, -'.conf'.length);
      const [environment, stage, stack, process, ...rest] = program.split('.');
      if (!environment || !stage || !stack || !process || rest.length > 0) return [];
      const config = readFileSync(join(data.configFolder, file), 'utf8');
      const script = /^command = \/bin\/sh (.*)\/run\.sh$/m.exec(config)?.[1];
      const desired = script === undefined ? undefined : readDesired(join(script, 'process.json'));
      return [{ name: { environment, stage, stack }, process, program, config, ...(desired && { desired }) }];
    });
}

/** Whether both are the same stack. */
export function isSameStack(a: StackName, b: StackName): boolean {
  return a.environment === b.environment && a.stage === b.stage && a.stack === b.stack;
}

/** `<environment>/<stage>/<stack>/<process>`, the name a person sees. */
export function fullName(name: StackName, process: string): string {
  return `${name.environment}/${name.stage}/${name.stack}/${process}`;
}

export function register(data: DataFolder, name: StackName, process: string, config: string): void {
  mkdirSync(data.logsOf(name), { recursive: true, mode: 0o700 });
  writeAtomically(configFile(data, name, process), config);
}

export function unregister(data: DataFolder, name: StackName, process: string): void {
  rmSync(configFile(data, name, process), { force: true });
}

function configFile(data: DataFolder, name: StackName, process: string): string {
  return join(data.configFolder, `${programName(name, process)}.conf`);
}

function readDesired(path: string): DesiredProcess | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as DesiredProcess;
  } catch {
    return undefined;
  }
}
