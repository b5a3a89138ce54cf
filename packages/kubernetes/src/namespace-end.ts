import type { ClusterApi } from './cluster-api';
import type { ClusterObject } from './cluster-objects';

interface ResourceList {
  readonly resources: readonly {
    readonly name: string;
    readonly kind: string;
    readonly namespaced: boolean;
  }[];
}

interface Held {
  readonly items: readonly {
    readonly metadata: { readonly name: string; readonly finalizers?: readonly string[] };
  }[];
}

/** Kubernetes names each kind that is left as `<resource>.<group> has <n> resource instances`; the core group is empty. */
const REMAINING = /([a-z0-9-]+)\.([a-z0-9.-]*) has \d+ resource instances/g;

/**
 * What keeps a namespace that was deleted from going, e.g. `Certificate web (finalizer example.org/cleanup)`; nothing for
 * one that was not deleted.
 */
export async function heldIn(
  api: Pick<ClusterApi, 'get'>,
  { metadata, status }: ClusterObject,
): Promise<readonly string[]> {
  if (status?.phase !== 'Terminating') return [];
  const message = status.conditions?.find(({ type }) => type === 'NamespaceContentRemaining')?.message ?? '';
  const held = await Promise.all(
    [...message.matchAll(REMAINING)].map(([, resource, group]) =>
      heldObjects(api, metadata.name, resource!, group!),
    ),
  );
  return held.flat().sort();
}

async function heldObjects(
  api: Pick<ClusterApi, 'get'>,
  namespace: string,
  resource: string,
  group: string,
): Promise<readonly string[]> {
  const path = await groupPath(api, group);
  // Its definition is on its way out, too: the objects cannot be listed any more.
  if (path === undefined) return [`${resource}.${group}`];
  const kinds = await api.get<ResourceList>(path);
  const kind = kinds?.resources.find(({ name }) => name === resource)?.kind ?? resource;
  const listed = await api.get<Held>(`${path}/namespaces/${namespace}/${resource}`);
  return (listed?.items ?? []).map(({ metadata: { name, finalizers = [] } }) =>
    finalizers.length === 0 ? `${kind} ${name}` : `${kind} ${name} (finalizer ${finalizers.join(', ')})`,
  );
}

async function groupPath(api: Pick<ClusterApi, 'get'>, group: string): Promise<string | undefined> {
  if (group === '') return '/api/v1';
  const found = await api.get<{ readonly preferredVersion?: { readonly groupVersion: string } }>(
    `/apis/${group}`,
  );
  return found?.preferredVersion === undefined ? undefined : `/apis/${found.preferredVersion.groupVersion}`;
}
