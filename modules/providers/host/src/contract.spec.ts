import {
  objectStoreContract,
  postgresDatabaseContract,
  sampleTool,
  toolContract,
} from '@mlterra/testing/contracts';
import { hostRecipe } from './contract';

postgresDatabaseContract(hostRecipe);
objectStoreContract(hostRecipe);
toolContract(sampleTool, hostRecipe);
