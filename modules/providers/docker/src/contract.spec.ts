import { sampleProgram, toolContract } from '@mlterra/testing/contracts';
import { dockerRecipe } from './contract';

toolContract(sampleProgram, dockerRecipe);
