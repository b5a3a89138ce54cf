import type { StepName } from '@mlterra/rehearsal';
import type { CapabilityRecipe, PlatformRecipe, ToolRecipe } from './recipe';
import { allStages, recipeEnvironment, type RecipeStage } from './recipe-environment';
import type { RehearsedRecipes } from './rehearsed-recipes';

/** For what only looks at applied resources: no plan before that of the apply, no second plan, no change, no destroy. */
export const appliedOnly: RehearseRecipesOptions = {
  without: ['validate', 'plan', 'second plan', 'change', 'destroy'],
};

export interface RehearseRecipesOptions {
  /** Steps of the rehearsal to leave out. @default - `validate`, which every plan does too, and `change` */
  readonly without?: readonly StepName[];
  /** Stages to rehearse. @default - all */
  readonly stages?: readonly RecipeStage[];
}

/** Rehearses a platform with tools on it, in a stage of every profile unless the options name some. */
export async function rehearseRecipes<R extends CapabilityRecipe>(
  platform: R,
  tools: R extends PlatformRecipe ? readonly ToolRecipe[] : readonly [],
  { without = ['validate', 'change'], stages = allStages }: RehearseRecipesOptions = {},
): Promise<RehearsedRecipes> {
  const obstacles = new Map<string, string>();
  const earlier = new Map<string, readonly string[]>();
  const definition = recipeEnvironment(platform, tools, {
    stages,
    onObstacle: ({ tool }, reason) => obstacles.set(tool, reason),
    onEarlier: ({ tool }, stacks) => earlier.set(tool, stacks),
  });
  // Loaded when it is needed: it brings a server, and the checks run without one.
  const { rehearseEnvironment } = await import('@mlterra/rehearsal');
  const log: string[] = [];
  const onLine = (key: string, line: string): void => void log.push(`${key} | ${line}`);
  return {
    platform,
    stages,
    obstacles,
    earlier,
    log,
    result: await rehearseEnvironment({ definition }, { without, onLine }),
  };
}
