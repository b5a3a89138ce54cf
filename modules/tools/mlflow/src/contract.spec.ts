import { recordingRecipe, toolContract } from '@mlterra/testing/contracts';
import { mlflowRecipe } from './contract';

toolContract(mlflowRecipe, recordingRecipe);
