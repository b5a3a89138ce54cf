import { existsSync, readFileSync, statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { processFailed } from '../errors';
import type { DesiredProcess, DesiredText } from '../spec';
import type { DataFolder, StackName } from './data-folder';
import { startsFile } from './process-version';
import { fullName } from './registry';
import { readSecret } from './secret-file';
import type { Supervisor } from './supervisor';
import { programName } from './supervisor-config';

/** A process that has been started this often without getting well does not come up by itself. */
const MAX_STARTS = 3;
const POLL_MILLISECONDS = 150;
const LAST_LINES = 15;
const LOG_TAIL_BYTES = 16_384;

export interface ProcessWatchProps {
  readonly data: DataFolder;
  readonly name: StackName;
  readonly supervisor: Supervisor;
  /** What is wrong with a process, asked once. */
  readonly ask: (process: DesiredProcess) => Promise<string | undefined>;
}

/**
 * Waits until a process is well; throws with the end of its log when it will not be. Starts before this run do
 * not speak against it: after a power failure the supervisor starts it again and again, until what it needs is back.
 */
export async function waitUntilWell(
  props: ProcessWatchProps,
  process: DesiredProcess,
  startsBefore: number,
): Promise<void> {
  const { data, name, supervisor } = props;
  const program = programName(name, process.name);
  const deadline = Date.now() + process.probe.startSeconds * 1000;
  for (;;) {
    const state = (await supervisor.states()).get(program);
    const problem =
      state === 'RUNNING'
        ? await props.ask(process)
        : `does not run (${state ?? 'unknown to the supervisor'})`;
    if (problem === undefined) return;
    const count = countStarts(data, name, process.name) - startsBefore;
    if (state !== 'STARTING' && count >= MAX_STARTS) {
      fail(props, process, `ends again and again (started ${count} times)`);
    }
    if (state === undefined || state === 'FATAL' || state === 'STOPPED') fail(props, process, problem);
    if (Date.now() > deadline)
      fail(props, process, `${problem}, ${process.probe.startSeconds} s after its start`);
    await sleep(POLL_MILLISECONDS);
  }
}

function fail({ data, name }: ProcessWatchProps, process: DesiredProcess, problem: string): never {
  const log = data.logFile(name, process.name);
  throw processFailed(fullName(name, process.name), problem, log, lastWords(data, log, process));
}

/** How often a process was started since its starts were last forgotten. */
export function countStarts(data: DataFolder, name: StackName, process: string): number {
  const file = startsFile(data, name, process);
  return existsSync(file) ? statSync(file).size : 0;
}

/** The end of a log, without the secrets that the process knows. */
function lastWords(data: DataFolder, log: string, process: DesiredProcess): string {
  if (!existsSync(log)) return '';
  let words = readFileSync(log)
    .subarray(-LOG_TAIL_BYTES)
    .toString()
    .trimEnd()
    .split('\n')
    .slice(-LAST_LINES)
    .join('\n');
  for (const reference of secretsOf(process)) {
    const value = readSecret(data, reference);
    if (value !== '') words = words.replaceAll(value, '***');
  }
  return words;
}

function secretsOf(process: DesiredProcess): Set<string> {
  const texts: DesiredText[] = [
    ...process.variables.map(({ value }) => value),
    ...process.files.map(({ content }) => content),
  ];
  const references = texts
    .flat()
    .flatMap((part) => (typeof part === 'object' && 'secret' in part ? [part.secret] : []));
  return new Set(
    process.program.kind === 'postgres' ? [...references, process.program.password] : references,
  );
}
