import { setTimeout as sleep } from 'node:timers/promises';
import { processFailed } from '../errors';
import type { DesiredProcess, DesiredText } from '../spec';
import type { DataFolder, StackName } from './data-folder';
import { linesSince } from './log-tail';
import type { ProcessVersion } from './process-version';
import { fullName } from './registry';
import { readSecret } from './secret-file';
import { startsOf, type Start } from './starts';
import type { Supervisor } from './supervisor';

/** A process that has been started this often without getting well does not come up by itself. */
const MAX_STARTS = 3;
const POLL_MILLISECONDS = 150;

export interface ProcessWatchProps {
  readonly data: DataFolder;
  readonly name: StackName;
  readonly supervisor: Supervisor;
  /** What is wrong with a process that runs, asked once. */
  readonly ask: (process: DesiredProcess, pid: number) => Promise<string | undefined>;
}

/**
 * Waits until a process is well; throws with the end of its log when it will not be. Starts before this run do
 * not speak against it: after a power failure the supervisor starts it again and again, until what it needs is back.
 */
export async function waitUntilWell(
  props: ProcessWatchProps,
  version: ProcessVersion,
  startsBefore: number,
): Promise<void> {
  const { supervisor } = props;
  const { process, program } = version;
  const deadline = Date.now() + process.probe.startSeconds * 1000;
  for (;;) {
    const { state, pid } = (await supervisor.programs()).get(program) ?? {};
    const problem =
      state === 'RUNNING' && pid !== undefined
        ? await props.ask(process, pid)
        : `does not run (${state ?? 'unknown to the supervisor'})`;
    if (problem === undefined) return;
    const starts = startsOfVersion(props, version).slice(startsBefore);
    const failed = (what: string) =>
      failure(props, process, what, starts[0] ?? startsOfVersion(props, version).at(-1));
    if (state !== 'STARTING' && starts.length >= MAX_STARTS) {
      throw failed(`ends again and again (started ${starts.length} times)`);
    }
    if (state === undefined || state === 'FATAL' || state === 'STOPPED') throw failed(problem);
    if (Date.now() > deadline) throw failed(`${problem}, ${process.probe.startSeconds} s after its start`);
    await sleep(POLL_MILLISECONDS);
  }
}

/** Starts of this version of a process; one before it may have been started again while it was replaced. */
export function startsOfVersion(
  { data, name }: Pick<ProcessWatchProps, 'data' | 'name'>,
  { process, version }: ProcessVersion,
): Start[] {
  return startsOf(data, name, process.name).filter((start) => start.version === version);
}

/** @param since - the first start that the run saw; what the log says before it is of no interest */
function failure(
  { data, name }: ProcessWatchProps,
  process: DesiredProcess,
  problem: string,
  since: Start | undefined,
): Error {
  const log = data.logFile(name, process.name);
  const words = since === undefined ? '' : withoutSecrets(linesSince(log, since), data, process);
  return processFailed(fullName(name, process.name), problem, log, words);
}

/** A text without the secrets that the process knows. */
function withoutSecrets(text: string, data: DataFolder, process: DesiredProcess): string {
  let words = text;
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
