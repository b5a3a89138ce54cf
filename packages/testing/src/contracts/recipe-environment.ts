import {
  defineEnvironment,
  localState,
  MlterraError,
  type Environment,
  type Platform,
  type ProfileName,
  type Stage,
} from '@mlterra/core';
import { EarlierStacks } from './earlier-stacks';
import { recipeFailed, serviceNotNeeded } from './errors';
import type {
  CapabilityRecipe,
  PlatformRecipe,
  PlatformServices,
  ServerServices,
  ToolNeed,
  ToolRecipe,
  ToolServices,
} from './recipe';

/** First port of the tools; each has one of its own. */
const FIRST_PORT = 20_000;

/** Profiles by the stage that has them. */
export const recipeStages = { dev: 'development', prod: 'production' } as const satisfies Record<
  string,
  ProfileName
>;

export type RecipeStage = keyof typeof recipeStages;

export const allStages = Object.keys(recipeStages) as readonly RecipeStage[];

/** Why a tool cannot run on a platform; undefined where it can. */
export function obstacle(
  tool: ToolRecipe,
  platform: CapabilityRecipe,
  services: PlatformServices,
): string | undefined {
  if (!tool.runsOn.includes(platform.platformKind))
    return `${tool.tool} runs on ${tool.runsOn.join(', ')} only`;
  const missing = tool.needs?.find((need) => offered(services)[need] === undefined);
  return missing === undefined ? undefined : `${platform.provider} offers no ${needNames[missing]}`;
}

const needNames: Readonly<Record<ToolNeed, string>> = {
  database: 'database',
  objectStore: 'object store',
  secretStore: 'store of secrets',
  dnsZone: 'zone of names',
};

/** What a platform offers, by what tools need. */
export function offered(services: PlatformServices): Readonly<Record<ToolNeed, unknown>> {
  const { database, addObjectStore, secretStore, dnsZone } = services;
  return { database, objectStore: addObjectStore, secretStore, dnsZone };
}

export interface RecipeEnvironmentOptions {
  /** @default - all */
  readonly stages?: readonly RecipeStage[];
  /** A tool is left out; once for all stages. */
  onObstacle?(tool: ToolRecipe, reason: string): void;
  /** A tool had these stacks built before its own; once for all stages. */
  onEarlier?(tool: ToolRecipe, stacks: readonly string[]): void;
}

/**
 * One environment with a stage of every profile, or of some: in each the platform, and every tool that can run on it in a
 * stack of its own, named like the tool.
 */
export function recipeEnvironment<R extends CapabilityRecipe>(
  platform: R,
  tools: R extends PlatformRecipe ? readonly ToolRecipe[] : readonly [],
  { stages = allStages, onObstacle, onEarlier }: RecipeEnvironmentOptions = {},
): Environment {
  return defineEnvironment({
    name: `${platform.provider}-${platform.way}`,
    backend: localState(),
    stages: Object.fromEntries(
      stages.map((stage) => [stage, { profile: recipeStages[stage], settings: undefined }]),
    ),
    build: (stage) => {
      const services = built(platform.provider, stage.name, () => platform.build(stage) as PlatformServices);
      tools.forEach((tool, index) => {
        const reason = obstacle(tool, platform, services);
        if (reason === undefined) {
          const stack = stage.stack(tool.tool);
          const earlier = new EarlierStacks(stage);
          built(`${tool.tool} on ${platform.provider}`, stage.name, () => {
            tool.build(stack, toolServices(tool, stage, services, FIRST_PORT + index, earlier));
            earlier.assertAwaited(tool.tool, stack);
          });
          if (stage.name === stages[0]) onEarlier?.(tool, earlier.names);
        } else if (stage.name === stages[0]) onObstacle?.(tool, reason);
      });
    },
  });
}

/** What a recipe throws is told in terms of the recipe; nobody wrote an `environment.ts`. */
function built<T>(recipe: string, stage: string, build: () => T): T {
  try {
    return build();
  } catch (error) {
    throw MlterraError.is(error) && error.code === 'recipe-need-missing'
      ? error
      : recipeFailed(recipe, stage, error);
  }
}

/** What a tool that serves others may build with. */
export function serverServices(
  stage: Stage<unknown>,
  platform: Platform,
  port: number,
  { before }: Pick<EarlierStacks, 'before'> = new EarlierStacks(stage),
): ServerServices {
  return { platform, profile: stage.profile, port, before };
}

function toolServices(
  tool: ToolRecipe,
  stage: Stage<unknown>,
  { platform, database, addObjectStore, secretStore, dnsZone }: PlatformServices,
  port: number,
  earlier: EarlierStacks,
): ToolServices {
  const { needs = [] } = tool;
  return {
    ...serverServices(stage, platform, port, earlier),
    secretStore,
    dnsZone,
    get database() {
      if (!needs.includes('database') || database === undefined)
        throw serviceNotNeeded(tool.tool, 'database');
      return database;
    },
    addObjectStore: (scope, id) => {
      if (!needs.includes('objectStore') || addObjectStore === undefined) {
        throw serviceNotNeeded(tool.tool, 'objectStore');
      }
      return addObjectStore(scope, id);
    },
  };
}
