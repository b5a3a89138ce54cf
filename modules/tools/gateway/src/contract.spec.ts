import { recordingRecipeOf, toolContract } from '@mlterra/testing/contracts';
import { gatewayRecipe } from './contract';

toolContract(gatewayRecipe, recordingRecipeOf('kubernetes'));
