import { setTimeout as sleep } from 'node:timers/promises';
import type { DataFolder, StackName } from './data-folder';
import { askProbe } from './health';
import { isSameStack, registeredProcesses } from './registry';
import { isSupervisorUp, Supervisor } from './supervisor';
import { programName } from './supervisor-config';
import { findTools } from './tools';

/** One unlucky moment is no drift. */
const ATTEMPTS = 3;
const PAUSE_MILLISECONDS = 1_000;

/** What is wrong with the processes of a stack: one sentence each. */
export async function probeStack(
  data: DataFolder,
  name: StackName,
  processes: readonly string[],
): Promise<string[]> {
  const tools = findTools(data);
  if (tools === undefined || !(await isSupervisorUp(data))) {
    return processes.map((process) => `process ${process} is down: its supervisor does not run`);
  }
  const registered = registeredProcesses(data).filter((one) => isSameStack(one.name, name));
  const supervisor = new Supervisor(data, tools);
  const problems = processes.map(async (process) => {
    const desired = registered.find((one) => one.process === process)?.desired;
    if (desired === undefined) return `process ${process} is missing`;
    let problem = '';
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      if (attempt > 0) await sleep(PAUSE_MILLISECONDS);
      const state = (await supervisor.states()).get(programName(name, process)) ?? 'missing';
      if (state === 'RUNNING') {
        const unwell = await askProbe(desired.probe);
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
