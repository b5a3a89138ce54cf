import { recordingRecipeOf, toolContract } from '@mlterra/testing/contracts';
import { nfsStorageRecipe } from './contract';

toolContract(nfsStorageRecipe, recordingRecipeOf('kubernetes'));
