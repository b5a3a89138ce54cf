import type { PrepareContext } from '@mlterra/core';
import type Docker from 'dockerode';
import { LABELS } from '../labels';
import type { HookData } from '../spec';
import { orMissing } from './connect';
import { containerName, instanceOf, stackFilter } from './found';

/**
 * Removes what a run that was killed had made, but could not note in the state; and tasks whose end nobody has seen, or that
 * failed, so that they are run again.
 */
export async function removeOrphans(docker: Docker, context: PrepareContext): Promise<void> {
  const instance = await instanceOf(context);
  const known = new Set(context.resources.map(({ id }) => id));
  const tasks = new Set(
    (context.data as HookData).containers.filter(({ kind }) => kind === 'task').map(({ name }) => name),
  );
  const isOurs = (labels: Readonly<Record<string, string>>): boolean =>
    instance !== undefined && labels[LABELS.instance] === instance;
  const containers = await docker.listContainers({ all: true, filters: stackFilter(context) });
  for (const found of containers.filter(({ Labels }) => isOurs(Labels))) {
    const isLost = !known.has(found.Id);
    if (isLost || (tasks.has(containerName(found)) && !(await hasSucceeded(docker, found.Id)))) {
      await removeContainer(docker, found.Id);
    }
  }
  const networks = await docker.listNetworks({ filters: stackFilter(context) });
  for (const { Id, Labels } of networks) {
    if (!known.has(Id) && isOurs(Labels ?? {})) await orMissing(docker.getNetwork(Id).remove());
  }
}

async function hasSucceeded(docker: Docker, id: string): Promise<boolean> {
  const found = await orMissing(docker.getContainer(id).inspect());
  return found !== undefined && found.State.Status === 'exited' && found.State.ExitCode === 0;
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
