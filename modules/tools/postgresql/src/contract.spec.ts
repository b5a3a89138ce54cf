import { recordingRecipe, toolContract } from '@mlterra/testing/contracts';
import { postgresqlRecipe } from './contract';

toolContract(postgresqlRecipe, recordingRecipe);
