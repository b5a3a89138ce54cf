import { recordingRecipeOf, toolContract } from '@mlterra/testing/contracts';
import { mlflowRecipe } from './contract';

for (const kind of mlflowRecipe.runsOn) toolContract(mlflowRecipe, recordingRecipeOf(kind));
