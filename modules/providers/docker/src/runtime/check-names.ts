import type { PrepareContext } from '@mlterra/core';
import type Docker from 'dockerode';
import { nameForeign } from '../errors';
import { LABELS } from '../labels';
import type { HookData } from '../spec';
import { orMissing } from './connect';
import { containerName, ownerOf, stackFilter } from './found';

/** Throws where a name that the stack wants is that of something which is not its own. */
export async function checkNames(docker: Docker, context: PrepareContext): Promise<void> {
  const { containers, volumes } = context.data as HookData;
  const known = new Set(context.resources.map(({ id }) => id));
  const wanted = new Set(containers.map(({ name }) => name));
  for (const found of await docker.listContainers({ all: true })) {
    const name = containerName(found);
    if (wanted.has(name) && !known.has(found.Id)) throw nameForeign('container', name, ownerOf(found.Labels));
  }
  for (const name of volumes) {
    const found = await orMissing(docker.getVolume(name).inspect());
    if (found === undefined || isOfStage(found.Labels, context)) continue;
    const users = await docker.listContainers({
      all: true,
      filters: { ...stackFilter(context), volume: [name] },
    });
    // Terraform alone, without the hooks, has the engine make it, without labels.
    if (users.length === 0) throw nameForeign('volume', name, ownerOf(found.Labels));
  }
}

/** Data outlives the state that made it, so it need not be that of this one. */
function isOfStage(
  labels: Readonly<Record<string, string>> | null,
  { environment, stage }: PrepareContext,
): boolean {
  return labels?.[LABELS.environment] === environment && labels[LABELS.stage] === stage;
}
