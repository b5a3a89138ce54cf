import { kubernetesClusterContract, sampleProgram, toolContract } from '@mlterra/testing/contracts';
import { k3sRecipe } from './contract';

kubernetesClusterContract(k3sRecipe);
toolContract(sampleProgram, k3sRecipe);
