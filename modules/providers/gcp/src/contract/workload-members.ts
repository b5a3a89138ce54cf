import type { Rehearsed } from '@mlterra/testing/contracts';
import { block } from './blocks';
import { keyUsers } from './encryption';

/**
 * Who the pods of a service account are to Google Cloud, in the one cluster of the stage. The number of the project
 * is taken from the account of GKE that encrypts the cluster's secrets; no resource has it as a field of its own.
 */
export function workloadMember(
  stage: Rehearsed,
): (namespace: string, serviceAccount: string) => string | undefined {
  const cluster = stage.resources('google_container_cluster')[0]?.values ?? {};
  const pool = block(cluster, 'workload_identity_config')?.workload_pool;
  const key = block(cluster, 'database_encryption')?.key_name;
  const number = keyUsers(stage, key)
    .map((member) => /^serviceAccount:service-(\d+)@container-engine-robot\./.exec(member)?.[1])
    .find((found) => found !== undefined);
  if (typeof pool !== 'string' || number === undefined) return () => undefined;
  return (namespace, serviceAccount) =>
    `principal://iam.googleapis.com/projects/${number}/locations/global/workloadIdentityPools/${pool}` +
    `/subject/ns/${namespace}/sa/${serviceAccount}`;
}
