import type { Profile, Resources } from '@mlterra/core';
import { memoryInvalid } from './errors';

const SMALL: Resources = { cpuMillis: 250, memoryMiB: 512 };
const LARGE: Resources = { cpuMillis: 1000, memoryMiB: 2048 };
const LEAST_MEMORY_MIB = 256;

/** The administrator of every server. */
export const SUPERUSER = 'postgres';

/** What a server gets, and what it is by the profile where nobody says. */
export function serverResources(path: string, profile: Profile, given: Resources | undefined): Resources {
  const resources = given ?? (profile.highAvailability ? LARGE : SMALL);
  if (!(resources.memoryMiB >= LEAST_MEMORY_MIB)) throw memoryInvalid(path, resources.memoryMiB);
  return resources;
}

/** A quarter of the memory is the server's own cache, as PostgreSQL's documentation proposes; the rest caches files. */
export function cacheSettings({ memoryMiB }: Resources): Record<string, string> {
  return {
    shared_buffers: `${Math.floor(memoryMiB / 4)}MB`,
    effective_cache_size: `${Math.floor((memoryMiB * 3) / 5)}MB`,
  };
}
