import { kubernetesClusterContract, sampleProgram, toolContract } from '@mlterra/testing/contracts';
import { kindRecipe } from './contract';

kubernetesClusterContract(kindRecipe);
toolContract(sampleProgram, kindRecipe);
