import type { PrepareContext } from '@mlterra/core';
import type Docker from 'dockerode';
import { LABELS } from '../labels';
import type { HookContainer, HookData } from '../spec';
import { isHealthy } from './await-container';
import { orMissing } from './connect';
import { containerName, instanceOf, stackFilter } from './found';

/**
 * Removes what a run that was killed had made, but could not note in the state; tasks whose end nobody has seen, or that failed;
 * and workloads that are not healthy: Terraform notes a container before its provisioner has waited for it, and does not wait
 * again. What is removed here is made anew, and waited for.
 */
export async function removeOrphans(docker: Docker, context: PrepareContext): Promise<void> {
  const instance = await instanceOf(context);
  const known = new Set(context.resources.map(({ id }) => id));
  const kinds = new Map((context.data as HookData).containers.map(({ name, kind }) => [name, kind]));
  const isOurs = (labels: Readonly<Record<string, string>>): boolean =>
    instance !== undefined && labels[LABELS.instance] === instance;
  const containers = await docker.listContainers({ all: true, filters: stackFilter(context) });
  for (const found of containers.filter(({ Labels }) => isOurs(Labels))) {
    const isLost = !known.has(found.Id);
    if (isLost || !(await isDone(docker, found.Id, kinds.get(containerName(found))))) {
      await removeContainer(docker, found.Id);
    }
  }
  const networks = await docker.listNetworks({ filters: stackFilter(context) });
  for (const { Id, Labels } of networks) {
    if (!known.has(Id) && isOurs(Labels ?? {})) await orMissing(docker.getNetwork(Id).remove());
  }
}

/** Whether a container is what its provisioner would have waited for. */
async function isDone(docker: Docker, id: string, kind: HookContainer['kind'] | undefined): Promise<boolean> {
  if (kind !== 'task' && kind !== 'workload') return true;
  const found = await orMissing(docker.getContainer(id).inspect());
  if (found === undefined) return true;
  return kind === 'task'
    ? found.State.Status === 'exited' && found.State.ExitCode === 0
    : isHealthy(found.State);
}

/** Stops a container as its owner wants it stopped, and removes it with the volumes that are its own. */
export async function removeContainer(docker: Docker, id: string): Promise<void> {
  const container = docker.getContainer(id);
  await orMissing(container.stop().catch(ignoreStopped));
  await orMissing(container.remove({ force: true, v: true }));
}

function ignoreStopped(error: Error & { readonly statusCode?: number }): void {
  if (error.statusCode !== 304 && error.statusCode !== 404) throw error;
}
