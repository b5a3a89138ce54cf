import { shortenName, workloadName, type ValueTree } from '@mlterra/core';
import type { Construct } from 'constructs';
import type { CertManager } from './cert-manager';
import { CERT_MANAGER_API, comeAfter } from './certificate';

/** Names of objects of a cluster may be longer; Secrets are named after these. */
const MAX_LENGTH = 63;

/** Name of an issuer of the whole cluster: no other stage on it has the same. */
export function clusterIssuerName(issuer: Construct, { platform }: CertManager): string {
  return shortenName(`${platform.namespaceOf(issuer)}-${workloadName(issuer)}`, MAX_LENGTH);
}

/** Adds an issuer of the whole cluster, after cert-manager itself. */
export function addClusterIssuer(
  scope: Construct,
  id: string,
  { certManager, name, spec }: { certManager: CertManager; name: string; spec: ValueTree },
): void {
  comeAfter(scope, certManager);
  certManager.platform.addObjects(scope, id, [
    {
      apiVersion: CERT_MANAGER_API,
      kind: 'ClusterIssuer',
      metadata: { name },
      clusterScoped: true,
      content: { spec },
    },
  ]);
}
