import type { Stage } from '@mlterra/core';
import type { Observer, Rehearsed } from './facts';
import type {
  PlatformRecipe,
  PlatformServices,
  Programs,
  ServedDatabase,
  ServedObjectStore,
  ToolRecipe,
} from './recipe';
import { offered, serverServices } from './recipe-environment';

/** Names of the stacks that hold servers for other tools. */
const STACK_PREFIX = 'backing-';

/** Far from those of the tools. */
const FIRST_PORT = 19_000;

/**
 * A platform together with tools that serve what it does not offer itself, each in a stack of its own. What it does offer
 * stays as it is.
 */
export function servedRecipe(platform: PlatformRecipe, servers: readonly ToolRecipe[]): PlatformRecipe {
  const usable = servers.filter(({ runsOn }) => runsOn.includes(platform.platformKind));
  return {
    ...platform,
    build: (stage) =>
      usable.reduce<PlatformServices>(
        (services, server, index) => withServer(stage, services, server, FIRST_PORT + index),
        platform.build(stage),
      ),
    observer: servedObserver(platform.observer, usable),
  };
}

function withServer(
  stage: Stage<unknown>,
  services: PlatformServices,
  { tool, serves }: ToolRecipe,
  port: number,
): PlatformServices {
  if (serves === undefined || offered(services)[serves.need] !== undefined) return services;
  const stack = stage.stack(`${STACK_PREFIX}${tool}`);
  const parts = serverServices(stage, services.platform, port);
  return serves.need === 'database'
    ? { ...services, database: serves.build(stack, parts) }
    : { ...services, addObjectStore: serves.build(stack, parts) };
}

/** Stores belong to the stack of the tool that has them, servers to the one that was made for them. */
function servedObserver(observer: Observer, servers: readonly ToolRecipe[]): Observer {
  const all = servers.flatMap(({ serves }) => serves ?? []);
  const databases = all.filter((each): each is ServedDatabase => each.need === 'database');
  const stores = all.filter((each): each is ServedObjectStore => each.need === 'objectStore');
  const programs = (stage: Rehearsed): Programs => ({
    workloads: observer.workloads?.(stage) ?? [],
    tasks: observer.tasks?.(stage) ?? [],
    charts: observer.charts?.(stage) ?? [],
    objects: observer.objects?.(stage) ?? [],
  });
  return {
    ...observer,
    postgresServers: (stage) => [
      ...(observer.postgresServers?.(stage) ?? []),
      ...databases
        .flatMap(({ facts }) => facts(programs(stage)))
        .filter(({ stack }) => stack?.includes(`-${STACK_PREFIX}`)),
    ],
    objectStores: (stage) => [
      ...(observer.objectStores?.(stage) ?? []),
      ...stores.flatMap(({ facts }) => facts(programs(stage))),
    ],
  };
}
