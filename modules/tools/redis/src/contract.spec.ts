import { recordingRecipeOf, toolContract } from '@mlterra/testing/contracts';
import { redisRecipe } from './contract';

for (const kind of redisRecipe.runsOn) toolContract(redisRecipe, recordingRecipeOf(kind));
