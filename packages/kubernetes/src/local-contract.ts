import type { Exemptions, Observer, Rehearsed } from '@mlterra/testing/contracts';
import {
  observeKubernetesCharts,
  observeKubernetesObjects,
  observeKubernetesTasks,
  observeKubernetesWorkloads,
} from './contract';
import type { DesiredCluster } from './local/desired-cluster';

/** What means nothing for a cluster that is on one machine, whose owner is at the machine. */
export const localExemptions: Exemptions = {
  KubernetesCluster: {
    'private-nodes': 'its nodes are on this machine, and have no addresses of their own outside of it',
    'api-server-restricted':
      'the tool decides where the API server listens; credentials are in a file of the owner',
    'secrets-encrypted': 'its store is on the disk of the owner, who encrypts that or does not',
    'node-disks-encrypted': 'its disk is that of the machine',
    autoscaled: 'a machine does not grow',
    'workload-identity': 'no cloud knows its pods',
    'node-identity': 'no cloud knows its nodes',
    'auto-upgrade': 'its owner upgrades it, with the tool',
    'audit-log': 'its owner is alone on it',
    'verified-boot': 'its nodes are containers or the machine itself',
    'deletion-protection': 'the stage is protected by mlterra; the tool refuses nothing to its owner',
    'legacy-authentication-off': 'all these tools let their owner in by a client certificate',
  },
};

/**
 * What is there after an apply of a cluster on this machine.
 * @param enforcesPolicies whether a cluster with these settings enforces network policies
 */
export function localClusterObserver(
  provider: string,
  enforcesPolicies: (settings: unknown) => boolean,
): Observer {
  return {
    provider,
    clusters: (stage) =>
      desiredClusters(stage).map(({ address, desired }) => ({
        address,
        networkPolicyEnforced: desired.make === null ? undefined : enforcesPolicies(desired.make.settings),
      })),
    workloads: (stage) => observeKubernetesWorkloads(stage, () => undefined),
    tasks: observeKubernetesTasks,
    charts: observeKubernetesCharts,
    objects: observeKubernetesObjects,
  };
}

function desiredClusters(
  stage: Rehearsed,
): readonly { readonly address: string; readonly desired: DesiredCluster }[] {
  return stage
    .resources('terraform_data')
    .filter(({ name }) => name === 'cluster')
    .map(({ address, values }) => ({ address, desired: desiredOf(values.triggers_replace) }));
}

/** A state holds a value of any type together with its type. */
function desiredOf(trigger: unknown): DesiredCluster {
  const { value } = trigger as { readonly value?: unknown };
  return (value ?? trigger) as DesiredCluster;
}
