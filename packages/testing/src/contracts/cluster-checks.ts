import { mustBe, wrong, type Check } from './check';
import type { ClusterFacts } from './facts';
import { isInternet } from './internet';

/** What holds for every Kubernetes cluster. */
export const clusterChecks: readonly Check<ClusterFacts>[] = [
  {
    id: 'private-nodes',
    rule: 'Nodes have no public address.',
    find: ({ address, privateNodes }) => mustBe(address, 'privacy of the nodes', privateNodes, true),
  },
  {
    id: 'api-server-restricted',
    rule: 'The API server does not answer to the whole internet.',
    find: ({ address, apiServerOpenTo }) => {
      if (apiServerOpenTo !== undefined && !apiServerOpenTo.some(isInternet)) return [];
      return [
        wrong(address, 'what reaches the API server', apiServerOpenTo, 'named address ranges, or none'),
      ];
    },
  },
  {
    id: 'secrets-encrypted',
    rule: 'Secrets are encrypted in the store of the cluster by a key of the owner.',
    find: ({ address, secretsEncrypted }) => mustBe(address, 'encryption of Secrets', secretsEncrypted, true),
  },
  {
    id: 'node-disks-encrypted',
    rule: 'Disks of the nodes are encrypted.',
    find: ({ address, nodeDisksEncrypted }) =>
      mustBe(address, "encryption of the nodes' disks", nodeDisksEncrypted, true),
  },
  {
    id: 'autoscaled',
    rule: 'Every pool of nodes grows and shrinks by itself, in production from two nodes up.',
    find: ({ address, autoscaling }, { profile }) => {
      const least = profile.highAvailability ? 2 : 0;
      if (autoscaling && autoscaling.minNodes >= least && autoscaling.maxNodes > autoscaling.minNodes)
        return [];
      return [
        wrong(address, 'autoscaling', autoscaling, `at least ${least} nodes, and more at most than at least`),
      ];
    },
  },
  {
    id: 'workload-identity',
    rule: 'Pods get identities of the cloud without keys.',
    find: ({ address, workloadIdentity }) => mustBe(address, 'workload identity', workloadIdentity, true),
  },
  {
    id: 'node-identity',
    rule: 'Nodes run as an account made for them, with no more rights than they need.',
    find: ({ address, ownNodeIdentity }) =>
      mustBe(address, 'the account of the nodes', ownNodeIdentity, true),
  },
  {
    id: 'network-policy-enforced',
    rule: 'Network policies are enforced.',
    find: ({ address, networkPolicyEnforced }) =>
      mustBe(address, 'enforcement of network policies', networkPolicyEnforced, true),
  },
  {
    id: 'auto-upgrade',
    rule: 'Nodes are repaired and upgraded by the cloud.',
    find: ({ address, autoUpgrade }) => mustBe(address, 'repair and upgrade of nodes', autoUpgrade, true),
  },
  {
    id: 'audit-log',
    rule: 'The API server writes an audit log.',
    find: ({ address, auditLog }) => mustBe(address, 'the audit log', auditLog, true),
  },
  {
    id: 'verified-boot',
    rule: 'Nodes check what they boot.',
    find: ({ address, verifiedBoot }) => mustBe(address, 'verified boot of the nodes', verifiedBoot, true),
  },
  {
    id: 'deletion-protection',
    rule: 'The cluster refuses to be deleted exactly where the profile says so.',
    find: ({ address, deletionProtection }, { profile }) =>
      mustBe(address, 'deletion protection', deletionProtection, profile.deletionProtection),
  },
  {
    id: 'legacy-authentication-off',
    rule: 'Nobody logs in with basic authentication, client certificates or attribute-based access.',
    find: ({ address, legacyAuthenticationOff }) =>
      mustBe(address, 'absence of old ways to log in', legacyAuthenticationOff, true),
  },
];
