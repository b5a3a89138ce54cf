import { recordingRecipeOf, toolContract } from '@mlterra/testing/contracts';
import { versitygwRecipe } from './contract';

for (const kind of versitygwRecipe.runsOn) toolContract(versitygwRecipe, recordingRecipeOf(kind));
