import { recordingRecipeOf, toolContract } from '@mlterra/testing/contracts';
import { externalSecretsRecipe } from './contract';

for (const kind of externalSecretsRecipe.runsOn) toolContract(externalSecretsRecipe, recordingRecipeOf(kind));
