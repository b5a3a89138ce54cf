import { localClusterObserver, localExemptions } from '@mlterra/kubernetes/local-contract';
import type { PlatformRecipe } from '@mlterra/testing/contracts';
import { K3sCluster } from './k3s-cluster';
import type { K3sSettings } from './k3s-settings';

/** k3s enforces policies by itself unless it is told not to. */
function enforcesPolicies(settings: unknown): boolean {
  return !(settings as K3sSettings).args.includes('--disable-network-policy');
}

/** Tools on a cluster that k3s makes. */
export const k3sRecipe: PlatformRecipe = {
  provider: 'k3s',
  platformKind: 'kubernetes',
  way: 'paas',
  accessManagement: false,
  exempt: localExemptions,
  build: (stage) => ({ platform: new K3sCluster(stage.stack('cluster'), 'cluster') }),
  observer: localClusterObserver('k3s', enforcesPolicies),
};
