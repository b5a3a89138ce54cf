import { recordingRecipeOf, toolContract } from '@mlterra/testing/contracts';
import { seaweedfsRecipe } from './contract';

for (const kind of seaweedfsRecipe.runsOn) toolContract(seaweedfsRecipe, recordingRecipeOf(kind));
