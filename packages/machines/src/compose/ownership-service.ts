import { DEFAULT_USER_ID, imageToPull, type Container } from '@mlterra/core';
import type { ComposeService } from './document';
import { DEFAULT_RESOURCES, PIDS_LIMIT } from './limits';
import { logging } from './logging';
import type { ServiceContext } from './service-context';
import { ownershipName } from './service-name';

/** Where the service sees the volumes: nowhere that the image has anything. */
const FOLDER = '/volumes';

/**
 * Gives the volumes of a container to its user, as an engine makes them for root. It is root itself, may change owners
 * and nothing else, has no network, and ends at once.
 */
export function ownershipService(
  { name, volumePrefix, values, labels, profile }: ServiceContext,
  container: Container,
): { readonly name: string; readonly service: ComposeService } | undefined {
  const { volumes = {}, userId = DEFAULT_USER_ID } = container;
  const mounts = Object.values(volumes).map((volume) => ({
    type: 'volume' as const,
    source: `${volumePrefix}-${volume.name}`,
    target: `${FOLDER}/${volume.name}`,
    volume: { nocopy: true as const },
  }));
  if (mounts.length === 0) return undefined;
  return {
    name: ownershipName(name),
    service: {
      image: values.inDocument(imageToPull(container.image)),
      entrypoint: ['chown'],
      command: [`${userId}:${userId}`, ...mounts.map(({ target }) => target)],
      user: '0:0',
      read_only: true,
      cap_drop: ['ALL'],
      cap_add: ['CHOWN'],
      security_opt: ['no-new-privileges:true'],
      mem_limit: `${DEFAULT_RESOURCES.memoryMiB}m`,
      pids_limit: PIDS_LIMIT,
      volumes: mounts,
      network_mode: 'none',
      restart: 'no',
      labels,
      logging: logging(profile),
    },
  };
}
