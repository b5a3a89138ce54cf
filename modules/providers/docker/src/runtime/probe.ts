import type { ProbeFinding } from '@mlterra/core';
import type Docker from 'dockerode';
import type { HookData } from '../spec';
import { orMissing } from './connect';

/** Containers that do not run, or are not healthy. */
export async function probeContainers(
  docker: Docker,
  { containers }: HookData,
): Promise<readonly ProbeFinding[]> {
  const findings: ProbeFinding[] = [];
  for (const { name, address, kind } of containers) {
    if (kind !== 'workload') continue;
    const problem = problemOf(await orMissing(docker.getContainer(name).inspect()));
    if (problem !== undefined) findings.push({ address, problem: `container ${name} ${problem}` });
  }
  return findings;
}

function problemOf(found: Docker.ContainerInspectInfo | undefined): string | undefined {
  if (found === undefined) return 'is missing';
  const { Running, Restarting, Status, Health } = found.State;
  if (!Running || Restarting) return `is ${Status}`;
  return Health?.Status === 'unhealthy' ? 'is unhealthy' : undefined;
}
