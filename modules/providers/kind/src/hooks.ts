import { localClusterHooks } from '@mlterra/kubernetes/local-runtime';
import { kindMaker } from './kind-maker';

/** What the engine can ask of the cluster. */
export const hooks = localClusterHooks(kindMaker);
