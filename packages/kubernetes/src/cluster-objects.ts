import type { StackKey } from '@mlterra/core';
import type { ClusterApi } from './cluster-api';
import { ENVIRONMENT_LABEL, STACK_LABEL, STAGE_LABEL } from './labels';
import { WORKLOAD_KINDS, type WorkloadKind } from './release-record';

interface Listed {
  readonly items: readonly ClusterObject[];
}

/** What is read of objects on a cluster. */
export interface ClusterObject {
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly ownerReferences?: readonly { readonly uid: string }[];
  };
  readonly spec?: { readonly replicas?: number };
  readonly status?: {
    readonly availableReplicas?: number;
    /** Of a DaemonSet, by the number of nodes. */
    readonly desiredNumberScheduled?: number;
    readonly numberAvailable?: number;
    readonly phase?: string;
    readonly conditions?: readonly {
      readonly type: string;
      readonly status: string;
      readonly message?: string;
    }[];
    readonly initContainerStatuses?: readonly ContainerStatus[];
    readonly containerStatuses?: readonly ContainerStatus[];
  };
}

export interface ContainerStatus {
  readonly ready?: boolean;
  readonly state?: {
    readonly waiting?: { readonly reason?: string; readonly message?: string };
    readonly running?: unknown;
    readonly terminated?: { readonly exitCode: number; readonly reason?: string };
  };
}

/** Stacks of a stage that have a namespace on the cluster, with the name of it. */
export async function namespacesOf(
  api: ClusterApi,
  environment: string,
  stage: string,
): Promise<ReadonlyMap<string, string>> {
  const selector = encodeURIComponent(`${ENVIRONMENT_LABEL}=${environment},${STAGE_LABEL}=${stage}`);
  const { items } = (await api.get<Listed>(`/api/v1/namespaces?labelSelector=${selector}`))!;
  return new Map(
    items.flatMap(({ metadata }) => {
      const stack = metadata.labels?.[STACK_LABEL];
      return stack === undefined ? [] : [[stack, metadata.name] as const];
    }),
  );
}

/** Name of the namespace of a stack; undefined where it has none. */
export async function namespaceOfStack(
  api: ClusterApi,
  { environment, stage, stack }: StackKey,
): Promise<string | undefined> {
  return (await namespacesOf(api, environment, stage)).get(stack);
}

/** Paths of Helm's records of a release that were begun and not ended. */
export async function pendingRecords(
  api: ClusterApi,
  namespace: string,
  release: string,
): Promise<readonly string[]> {
  const records = `/api/v1/namespaces/${namespace}/secrets`;
  const status = 'status in (pending-install,pending-upgrade,pending-rollback)';
  const selector = encodeURIComponent(`owner=helm,name=${release},${status}`);
  const listed = await api.get<Listed>(`${records}?labelSelector=${selector}`);
  return (listed?.items ?? []).map(({ metadata }) => `${records}/${metadata.name}`);
}

export function findNamespace(api: ClusterApi, namespace: string): Promise<ClusterObject | undefined> {
  return api.get<ClusterObject>(`/api/v1/namespaces/${namespace}`);
}

/** Names of the claims in a namespace, or `<namespace>/<name>` of all there are. */
export async function volumeClaims(api: ClusterApi, namespace?: string): Promise<readonly string[]> {
  const path = namespace === undefined ? '' : `/namespaces/${namespace}`;
  const listed = await api.get<Listed>(`/api/v1${path}/persistentvolumeclaims`);
  return (listed?.items ?? []).map(({ metadata }) =>
    namespace === undefined ? `${metadata.namespace}/${metadata.name}` : metadata.name,
  );
}

/** Programs of a kind in a namespace. */
export async function workloads(
  api: Pick<ClusterApi, 'get'>,
  kind: WorkloadKind,
  namespace: string,
): Promise<readonly ClusterObject[]> {
  const path = `/apis/apps/v1/namespaces/${namespace}/${kind.toLowerCase()}s`;
  return (await api.get<Listed>(path))?.items ?? [];
}

/** Whether anything runs in a namespace that Kubernetes would start again. */
export async function hasWorkloads(api: Pick<ClusterApi, 'get'>, namespace: string): Promise<boolean> {
  const found = await Promise.all(WORKLOAD_KINDS.map((kind) => workloads(api, kind, namespace)));
  return found.flat().length > 0;
}

export async function pods(
  api: Pick<ClusterApi, 'get'>,
  namespace: string,
): Promise<readonly ClusterObject[]> {
  return (await api.get<Listed>(`/api/v1/namespaces/${namespace}/pods`))?.items ?? [];
}

/** What Kubernetes has noted in a namespace of pods that it was not allowed to make. */
export async function refusals(
  api: Pick<ClusterApi, 'get'>,
  namespace: string,
): Promise<readonly ClusterEvent[]> {
  const path = `/api/v1/namespaces/${namespace}/events?fieldSelector=reason%3DFailedCreate`;
  const listed = await api.get<{ readonly items: readonly ClusterEvent[] }>(path);
  return (listed?.items ?? []).filter(({ reason }) => reason === 'FailedCreate');
}

export interface ClusterEvent {
  readonly reason?: string;
  readonly message?: string;
  readonly count?: number;
  readonly lastTimestamp?: string;
  readonly involvedObject: { readonly kind: string; readonly name: string; readonly uid: string };
}
