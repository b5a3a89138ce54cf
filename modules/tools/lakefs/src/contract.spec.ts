import { recordingRecipeOf, toolContract } from '@mlterra/testing/contracts';
import { lakefsRecipe } from './contract';

for (const kind of lakefsRecipe.runsOn) toolContract(lakefsRecipe, recordingRecipeOf(kind));
