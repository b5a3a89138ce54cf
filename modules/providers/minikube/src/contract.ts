import { localClusterObserver, localExemptions } from '@mlterra/kubernetes/local-contract';
import type { PlatformRecipe } from '@mlterra/testing/contracts';
import { MinikubeCluster } from './minikube-cluster';
import type { MinikubeSettings } from './minikube-settings';

/** The network that minikube takes by itself enforces no policies. */
function enforcesPolicies(settings: unknown): boolean {
  return (settings as MinikubeSettings).args.some((arg) => /^--cni=(calico|cilium)$/.test(arg));
}

/** Tools on a cluster that minikube makes. */
export const minikubeRecipe: PlatformRecipe = {
  provider: 'minikube',
  platformKind: 'kubernetes',
  way: 'paas',
  accessManagement: false,
  exempt: localExemptions,
  build: (stage) => ({ platform: new MinikubeCluster(stage.stack('cluster'), 'cluster', { cni: 'calico' }) }),
  observer: localClusterObserver('minikube', enforcesPolicies),
};
