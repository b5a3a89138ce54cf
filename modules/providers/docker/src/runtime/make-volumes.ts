import type { HookContext } from '@mlterra/core';
import type Docker from 'dockerode';
import { dataLabels } from '../labels';
import type { HookData } from '../spec';
import { orMissing } from './connect';

/** Makes the volumes that are missing, with the labels by which they are found again. */
export async function makeVolumes(docker: Docker, context: HookContext): Promise<void> {
  for (const name of (context.data as HookData).volumes) {
    if ((await orMissing(docker.getVolume(name).inspect())) !== undefined) continue;
    await docker.createVolume({ Name: name, Labels: dataLabels(context) });
  }
}
