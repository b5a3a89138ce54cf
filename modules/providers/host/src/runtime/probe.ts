import { setTimeout as sleep } from 'node:timers/promises';
import type { DataFolder, StackName } from './data-folder';
import { askProcess, unrestOf } from './process-health';
import { isSameStack, registeredProcesses } from './registry';
import { Supervisor } from './supervisor';
import { programName } from './supervisor-config';
import { findSupervisor } from './supervisor-process';
import { findTools, toolsFolder } from './tools';

/** One unlucky moment is no drift. */
const ATTEMPTS = 3;
const PAUSE_MILLISECONDS = 1_000;

/** What is wrong with the processes of a stack: one sentence each. */
export async function probeStack(
  data: DataFolder,
  name: StackName,
  processes: readonly string[],
): Promise<string[]> {
  const all = (problem: string) => processes.map((process) => `process ${process} ${problem}`);
  const found = await findSupervisor(data);
  if (found.kind === 'absent') return all('is down: its supervisor does not run');
  const supervisors = found.pids.join(', ');
  if (found.kind === 'unreachable') {
    return all(
      `cannot be checked: its supervisor (process ${supervisors}) does not answer on ${data.socket}`,
    );
  }
  if (found.pids.length > 1) return all(`is run by several supervisors (processes ${supervisors})`);
  const tools = findTools(data);
  if (tools === undefined) return all(`cannot be checked: ${toolsFolder(data)} is missing or incomplete`);
  const registered = registeredProcesses(data).filter((one) => isSameStack(one.name, name));
  const supervisor = new Supervisor(data, tools);
  const problems = processes.map(async (process) => {
    const desired = registered.find((one) => one.process === process)?.desired;
    if (desired === undefined) return `process ${process} is missing`;
    let problem = '';
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      if (attempt > 0) await sleep(PAUSE_MILLISECONDS);
      const { state = 'missing', pid } = (await supervisor.programs()).get(programName(name, process)) ?? {};
      if (state === 'RUNNING' && pid !== undefined) {
        const unwell = unrestOf(data, name, process) ?? (await askProcess(desired, pid));
        if (unwell === undefined) return undefined;
        problem = `process ${process} ${unwell}`;
      } else {
        problem = `process ${process} is ${state}`;
        // Only these pass by themselves.
        if (state !== 'STARTING' && state !== 'BACKOFF' && state !== 'EXITED') break;
      }
    }
    return problem;
  });
  return (await Promise.all(problems)).filter((problem) => problem !== undefined);
}
