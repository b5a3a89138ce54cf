import {
  defineEnvironment,
  localState,
  MlterraError,
  type Environment,
  type Platform,
  type ProfileName,
  type Stage,
} from '@mlterra/core';
import { recipeFailed, serviceNotNeeded } from './errors';
import type {
  CapabilityRecipe,
  PlatformRecipe,
  PlatformServices,
  ServerServices,
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

/** Why a tool cannot run on a platform; undefined where it can. */
export function obstacle(
  tool: ToolRecipe,
  platform: CapabilityRecipe,
  services: PlatformServices,
): string | undefined {
  if (!tool.runsOn.includes(platform.platformKind))
    return `${tool.tool} runs on ${tool.runsOn.join(', ')} only`;
  const { needs = [] } = tool;
  if (needs.includes('database') && services.database === undefined)
    return `${platform.provider} offers no database`;
  if (needs.includes('objectStore') && services.addObjectStore === undefined) {
    return `${platform.provider} offers no object store`;
  }
  return undefined;
}

/**
 * One environment with a stage of every profile: in each the platform, and every tool that can run on it in a
 * stack of its own, named like the tool.
 * @param onObstacle told of every tool that is left out, once
 */
export function recipeEnvironment<R extends CapabilityRecipe>(
  platform: R,
  tools: R extends PlatformRecipe ? readonly ToolRecipe[] : readonly [],
  onObstacle: (tool: ToolRecipe, reason: string) => void = () => undefined,
): Environment {
  return defineEnvironment({
    name: `${platform.provider}-${platform.way}`,
    backend: localState(),
    stages: Object.fromEntries(
      Object.entries(recipeStages).map(([stage, profile]) => [stage, { profile, settings: undefined }]),
    ),
    build: (stage) => {
      const services = built(platform.provider, stage.name, () => platform.build(stage) as PlatformServices);
      tools.forEach((tool, index) => {
        const reason = obstacle(tool, platform, services);
        if (reason === undefined) {
          const stack = stage.stack(tool.tool);
          built(`${tool.tool} on ${platform.provider}`, stage.name, () =>
            tool.build(stack, toolServices(tool, stage, services, FIRST_PORT + index)),
          );
        } else if (stage.name === 'dev') onObstacle(tool, reason);
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
export function serverServices(stage: Stage<unknown>, platform: Platform, port: number): ServerServices {
  return { platform, profile: stage.profile, port };
}

function toolServices(
  tool: ToolRecipe,
  stage: Stage<unknown>,
  { platform, database, addObjectStore }: PlatformServices,
  port: number,
): ToolServices {
  const { needs = [] } = tool;
  return {
    ...serverServices(stage, platform, port),
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
