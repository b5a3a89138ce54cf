import type { DesiredProcess } from '../spec';
import type { DataFolder, StackName } from './data-folder';
import { askProbe } from './health';
import { listenersOn } from './listeners';
import { strangerOn, type Stranger } from './port-holder';
import { startsOf } from './starts';

/** A process that was started this often within the time below does not run, it begins to run. */
const MAX_STARTS = 3;
const UNREST_SECONDS = 300;

/** Someone else who listens on a port of a process. */
export interface TakenPort {
  readonly port: number;
  readonly stranger: Stranger;
}

/** The first port of a process on which someone else listens, alone or beside it. */
export function takenPort(process: DesiredProcess, owners: readonly number[]): TakenPort | undefined {
  for (const { port } of process.ports) {
    const stranger = strangerOn(port, owners);
    if (stranger !== undefined) return { port, stranger };
  }
  return undefined;
}

/**
 * What is wrong with a process that runs as `pid`, asked once; undefined when it is well. It is asked only when
 * nobody else can answer in its place.
 */
export function askProcess(process: DesiredProcess, pid: number): Promise<string | undefined> {
  const taken = takenPort(process, [pid]);
  if (taken !== undefined) {
    return Promise.resolve(
      `does not have port ${taken.port} to itself: ${taken.stranger.description} listens on it`,
    );
  }
  const { kind, port } = process.probe;
  if (kind !== 'none') {
    const stranger = strangerOn(port, [pid]);
    if (stranger !== undefined)
      return Promise.resolve(`does not have port ${port} to itself: ${stranger.description} listens on it`);
    if (listenersOn(port)?.length === 0) return Promise.resolve(`does not listen on port ${port}`);
  }
  return askProbe(process.probe);
}

/** Whether a process ends again and again; undefined when it does not. */
export function unrestOf(data: DataFolder, name: StackName, process: string): string | undefined {
  const since = Date.now() / 1000 - UNREST_SECONDS;
  const recent = startsOf(data, name, process).filter(({ time }) => time >= since);
  if (recent.length < MAX_STARTS) return undefined;
  return `ends again and again (started ${recent.length} times within ${UNREST_SECONDS / 60} minutes)`;
}
