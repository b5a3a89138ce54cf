import {
  kubernetesClusterContract,
  machineGroupContract,
  objectStoreContract,
  postgresDatabaseContract,
  sampleTool,
  toolContract,
} from '@mlterra/testing/contracts';
import { gcpMachinesRecipe, gcpRecipe } from './contract';

kubernetesClusterContract(gcpRecipe);
postgresDatabaseContract(gcpRecipe);
objectStoreContract(gcpRecipe);
toolContract(sampleTool, gcpRecipe);
machineGroupContract(gcpMachinesRecipe);
