import { gunzipSync } from 'node:zlib';
import type { ClusterApi } from './cluster-api';

/** A program that a chart brings. */
export interface ChartWorkload {
  readonly kind: WorkloadKind;
  readonly namespace: string;
  readonly name: string;
}

export const WORKLOAD_KINDS = ['Deployment', 'StatefulSet', 'DaemonSet'] as const;
export type WorkloadKind = (typeof WORKLOAD_KINDS)[number];

interface RecordSecret {
  readonly metadata: { readonly name: string };
  readonly data?: { readonly release?: string };
}

/** The programs that a release was installed with, as Helm's record of it says; none where it has no record. */
export async function chartWorkloads(
  api: Pick<ClusterApi, 'get'>,
  namespace: string,
  release: string,
): Promise<readonly ChartWorkload[]> {
  const selector = encodeURIComponent(`owner=helm,status=deployed,name=${release}`);
  const listed = await api.get<{ readonly items: readonly RecordSecret[] }>(
    `/api/v1/namespaces/${namespace}/secrets?labelSelector=${selector}`,
  );
  const record = listed?.items.at(-1)?.data?.release;
  return record === undefined ? [] : workloadsIn(manifestOf(record), namespace);
}

/** Helm zips a release, writes that in base64, and Kubernetes the whole in base64 again. */
function manifestOf(record: string): string {
  const zipped = Buffer.from(Buffer.from(record, 'base64').toString('latin1'), 'base64');
  return (JSON.parse(gunzipSync(zipped).toString('utf8')) as { readonly manifest: string }).manifest;
}

interface Manifest {
  readonly kind: WorkloadKind;
  readonly metadata: { readonly name: string; readonly namespace?: string };
}

async function workloadsIn(manifest: string, namespace: string): Promise<readonly ChartWorkload[]> {
  const { loadYaml } = await import('@kubernetes/client-node');
  // Definitions of custom resources are megabytes: only what is wanted is read.
  const wanted = new RegExp(`^kind: (${WORKLOAD_KINDS.join('|')})\\s*$`, 'm');
  return manifest
    .split(/^---$/m)
    .filter((document) => wanted.test(document))
    .map((document) => {
      const { kind, metadata } = loadYaml<Manifest>(document);
      return { kind, namespace: metadata.namespace ?? namespace, name: metadata.name };
    });
}
