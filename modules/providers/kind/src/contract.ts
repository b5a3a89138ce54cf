import { localClusterObserver, localExemptions } from '@mlterra/kubernetes/local-contract';
import type { PlatformRecipe } from '@mlterra/testing/contracts';
import { KindCluster } from './kind-cluster';
import type { KindSettings } from './kind-settings';

/** The network that kind brings enforces policies since version 0.24; of another one nothing is known. */
function enforcesPolicies(settings: unknown): boolean {
  const { networking } = (settings as KindSettings).config as {
    networking?: { disableDefaultCNI?: boolean };
  };
  return networking?.disableDefaultCNI !== true;
}

/** Tools on a cluster that kind makes. */
export const kindRecipe: PlatformRecipe = {
  provider: 'kind',
  platformKind: 'kubernetes',
  way: 'paas',
  accessManagement: false,
  exempt: localExemptions,
  build: (stage) => ({ platform: new KindCluster(stage.stack('cluster'), 'cluster') }),
  observer: localClusterObserver('kind', enforcesPolicies),
};
