import { localClusterHooks } from '@mlterra/kubernetes/local-runtime';
import { k3sMaker } from './k3s-maker';

/** What the engine can ask of the cluster. */
export const hooks = localClusterHooks(k3sMaker);
