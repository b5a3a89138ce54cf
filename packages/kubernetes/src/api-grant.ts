import { shortenName, type ApiRule, type Identity, type Peer } from '@mlterra/core';
import { k8s } from 'cdk8s-plus-33';
import { apiGrantTooLate, identityForeign } from './errors';
import { KubernetesIdentity } from './kubernetes-identity';
import type { KubernetesObject } from './object';

/** Names of ClusterRoles are paths of the API; room is left for readers. */
const MAX_LENGTH = 120;

/**
 * Binds a service account to a ClusterRole of its own; pods that run as it mount a token from then on.
 * @param path of the construct that wants it, for messages
 */
export function grantApi(path: string, grantee: Identity, rules: readonly ApiRule[]): readonly Peer[] {
  if (!(grantee instanceof KubernetesIdentity)) throw identityForeign(path, grantee.name);
  const { stack, serviceAccount } = grantee;
  if (grantee.isUsed) throw apiGrantTooLate(path, grantee.name);
  const name = shortenName(`${stack.namespace}-${serviceAccount}`, MAX_LENGTH);
  const metadata = { name, labels: stack.labels };
  const objects = [
    k8s.KubeClusterRole.manifest({
      metadata,
      rules: rules.map(({ apiGroups, resources, verbs }) => ({
        apiGroups: [...apiGroups],
        resources: [...resources],
        verbs: [...verbs],
      })),
    }),
    k8s.KubeClusterRoleBinding.manifest({
      metadata,
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name },
      subjects: [{ kind: 'ServiceAccount', name: serviceAccount, namespace: stack.namespace }],
    }),
  ] as KubernetesObject[];
  for (const object of objects) stack.addObject(grantee.node.path, object);
  grantee.usesApi = true;
  return [{ kind: 'api-server' }];
}
