import { localClusterHooks } from '@mlterra/kubernetes/local-runtime';
import { minikubeMaker } from './minikube-maker';

/** What the engine can ask of the cluster. */
export const hooks = localClusterHooks(minikubeMaker);
