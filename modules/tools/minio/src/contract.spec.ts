import { recordingRecipeOf, toolContract } from '@mlterra/testing/contracts';
import { minioRecipe } from './contract';

for (const kind of minioRecipe.runsOn) toolContract(minioRecipe, recordingRecipeOf(kind));
