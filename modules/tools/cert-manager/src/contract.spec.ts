import { recordingRecipeOf, toolContract } from '@mlterra/testing/contracts';
import { certManagerRecipe } from './contract';

toolContract(certManagerRecipe, recordingRecipeOf('kubernetes'));
