import { ClusterApi } from '../cluster-api';
import type { DesiredCluster } from './desired-cluster';
import { clusterTooOld, storageClassMissing, storageClassUnknown } from './errors';

/** The oldest Kubernetes that knows all that is asked of it. */
const OLDEST = { major: 1, minor: 28 };

const DEFAULT_CLASS = 'storageclass.kubernetes.io/is-default-class';

interface Version {
  readonly major: string;
  readonly minor: string;
  readonly gitVersion: string;
}

interface StorageClasses {
  readonly items: readonly {
    readonly metadata: { readonly name: string; readonly annotations?: Readonly<Record<string, string>> };
  }[];
}

/** @throws MlterraError unless the cluster answers, is new enough and makes volumes */
export async function preflight(cluster: DesiredCluster): Promise<void> {
  const api = await ClusterApi.open(cluster);
  const { major, minor, gitVersion } = (await api.get<Version>('/version'))!;
  // Some clusters say "28+".
  const [found, wanted] = [[major, minor].map((part) => parseInt(part, 10)), OLDEST];
  if (found[0]! < wanted.major || (found[0] === wanted.major && found[1]! < wanted.minor)) {
    throw clusterTooOld(api.server, gitVersion, `${wanted.major}.${wanted.minor}`);
  }
  const { items } = (await api.get<StorageClasses>('/apis/storage.k8s.io/v1/storageclasses'))!;
  const names = items.map(({ metadata }) => metadata.name);
  if (cluster.storageClass !== '') {
    if (!names.includes(cluster.storageClass)) throw storageClassUnknown(cluster.storageClass, names);
  } else if (!items.some(({ metadata }) => metadata.annotations?.[DEFAULT_CLASS] === 'true')) {
    throw storageClassMissing(cluster.context, names);
  }
}
