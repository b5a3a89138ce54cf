import { recordingRecipeOf, toolContract } from '@mlterra/testing/contracts';
import { sealedSecretsRecipe } from './contract';

for (const kind of sealedSecretsRecipe.runsOn) toolContract(sealedSecretsRecipe, recordingRecipeOf(kind));
