import type { InventoryContext } from '@mlterra/core';
import type Docker from 'dockerode';
import { LABELS } from '../labels';
import { stageFilter } from './found';

/** Stacks of a stage that have containers on the engine, or data where that counts. */
export async function stacksOnEngine(docker: Docker, context: InventoryContext): Promise<readonly string[]> {
  const filters = stageFilter(context);
  const containers = await docker.listContainers({ all: true, filters });
  const volumes = context.withData === true ? (await docker.listVolumes({ filters })).Volumes : [];
  const stacks = [...containers, ...volumes].map(({ Labels }) => Labels?.[LABELS.stack]);
  return [...new Set(stacks.filter((stack) => stack !== undefined))].sort();
}
