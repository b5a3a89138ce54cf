import { recordingRecipeOf, toolContract } from '@mlterra/testing/contracts';
import { networkPoliciesRecipe } from './contract';

toolContract(networkPoliciesRecipe, recordingRecipeOf('kubernetes'));
