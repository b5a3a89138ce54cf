import { recordingRecipeOf, toolContract } from '@mlterra/testing/contracts';
import { postgresqlRecipe } from './contract';

for (const kind of postgresqlRecipe.runsOn) toolContract(postgresqlRecipe, recordingRecipeOf(kind));
