import { recordingRecipeOf, toolContract } from '@mlterra/testing/contracts';
import { cloudnativePgRecipe, postgresqlRecipe } from './contract';

for (const recipe of [postgresqlRecipe, cloudnativePgRecipe]) {
  for (const kind of recipe.runsOn) toolContract(recipe, recordingRecipeOf(kind));
}
