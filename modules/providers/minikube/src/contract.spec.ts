import { kubernetesClusterContract, sampleProgram, toolContract } from '@mlterra/testing/contracts';
import { minikubeRecipe } from './contract';

kubernetesClusterContract(minikubeRecipe);
toolContract(sampleProgram, minikubeRecipe);
