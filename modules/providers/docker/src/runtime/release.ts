import type { HookContext, ReleaseReport } from '@mlterra/core';
import type Docker from 'dockerode';
import { LABELS } from '../labels';
import { answerOf, orMissing } from './connect';
import { containerName, instanceOf, stackFilter } from './found';
import { removeContainer } from './remove-orphans';

/**
 * Removes what is left of a stack after a destroy: containers and networks of its state, and data with `purge`.
 * What another state has made under the same name is left alone.
 */
export async function releaseStack(
  docker: Docker,
  context: HookContext & { readonly purge: boolean },
): Promise<ReleaseReport> {
  const filters = stackFilter(context);
  const instance = await instanceOf(context);
  const released: string[] = [];
  const kept: string[] = [];
  const left: string[] = [];
  const attempt = async (what: string, work: () => Promise<unknown>): Promise<void> => {
    try {
      await orMissing(work());
      released.push(what);
    } catch (error) {
      left.push(`${what} (${answerOf(error)})`);
    }
  };

  for (const found of await docker.listContainers({ all: true, filters })) {
    const what = `container ${containerName(found)}`;
    if (instance !== undefined && found.Labels[LABELS.instance] === instance) {
      await attempt(what, () => removeContainer(docker, found.Id));
    } else
      kept.push(
        `${what}, which belongs to another state (docker rm --force --volumes ${containerName(found)})`,
      );
  }
  for (const { Id, Name } of await docker.listNetworks({ filters })) {
    const { Containers = {} } = (await orMissing(docker.getNetwork(Id).inspect())) ?? {};
    // One that is in use belongs to another state: this one has no containers any more.
    if (Object.keys(Containers).length > 0) kept.push(`network ${Name}, which is in use`);
    else await attempt(`network ${Name}`, () => docker.getNetwork(Id).remove());
  }
  for (const { Name } of (await docker.listVolumes({ filters })).Volumes) {
    if (context.purge) await attempt(`volume ${Name}`, () => docker.getVolume(Name).remove());
    else kept.push(`volume ${Name} (removed by destroy --purge)`);
  }
  return { released, kept, left };
}
