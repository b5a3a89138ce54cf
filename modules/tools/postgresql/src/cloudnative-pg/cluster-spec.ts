import type { Resources, ValueTree } from '@mlterra/core';
import { cacheSettings } from '../server-settings';

/** How Barman is reached: by its plugin, or built into the operator. */
export type BarmanMethod = 'plugin' | 'in-tree';

/** Where backups are, as a Cluster names it. */
export type BackupSpec =
  | { readonly method: 'plugin'; readonly plugin: Plugin }
  | { readonly method: 'in-tree'; readonly store: ValueTree; readonly retentionPolicy: string };

interface Plugin {
  readonly name: string;
  readonly parameters: Readonly<Record<string, string>>;
}

export interface ClusterSpecProps {
  readonly instances: number;
  readonly image: string;
  readonly diskSizeGiB: number;
  readonly storageClass?: string;
  readonly resources: Resources;
  /** Name of the Secret with the login of the administrator. */
  readonly superuserSecret: string;
  readonly backups?: BackupSpec;
  readonly recovery?: BackupSpec & { readonly targetTime?: string };
  /** Variables of the instances. */
  readonly variables: readonly Readonly<Record<string, string>>[];
}

/** Name by which a recovery calls the server whose backup it takes. */
const ORIGIN = 'origin';

/** `spec` of a Cluster of CloudNativePG. */
export function clusterSpec(props: ClusterSpecProps): ValueTree {
  const { instances, resources, backups, recovery } = props;
  return {
    instances,
    imageName: props.image,
    // The user of the image; every pod keeps to the restricted standard by itself.
    storage: {
      size: `${props.diskSizeGiB}Gi`,
      ...(props.storageClass === undefined ? {} : { storageClass: props.storageClass }),
    },
    resources: {
      requests: { cpu: `${resources.cpuMillis}m`, memory: `${resources.memoryMiB}Mi` },
      limits: { memory: `${resources.memoryMiB}Mi` },
    },
    enableSuperuserAccess: true,
    superuserSecret: { name: props.superuserSecret },
    postgresql: {
      parameters: { ...cacheSettings(resources), timezone: 'UTC', log_timezone: 'UTC' },
      // A commit is on two machines before it is told; with too few of them writing goes on.
      ...(instances > 1 ? { synchronous: { method: 'any', number: 1, dataDurability: 'preferred' } } : {}),
    },
    ...(instances > 1
      ? {
          affinity: {
            enablePodAntiAffinity: true,
            podAntiAffinityType: 'preferred',
            topologyKey: 'kubernetes.io/hostname',
          },
        }
      : {}),
    // A budget for one instance would keep a machine from being emptied.
    enablePDB: instances > 1,
    bootstrap: recovery === undefined ? INITDB : { recovery: recoverySpec(recovery) },
    ...(recovery === undefined ? {} : { externalClusters: [origin(recovery)] }),
    ...(backups === undefined ? {} : backupSpec(backups)),
    ...(props.variables.length === 0 ? {} : { env: props.variables }),
  };
}

/** Sorted by PostgreSQL itself, so that a newer image does not damage an index. */
const INITDB: ValueTree = {
  initdb: {
    dataChecksums: true,
    encoding: 'UTF8',
    localeProvider: 'builtin',
    builtinLocale: 'C.UTF-8',
    locale: 'C',
  },
};

function backupSpec(backups: BackupSpec): Record<string, ValueTree> {
  if (backups.method === 'in-tree') {
    return { backup: { barmanObjectStore: backups.store, retentionPolicy: backups.retentionPolicy } };
  }
  const { name, parameters } = backups.plugin;
  return { plugins: [{ name, isWALArchiver: true, parameters }] };
}

function recoverySpec({ targetTime }: NonNullable<ClusterSpecProps['recovery']>): ValueTree {
  return { source: ORIGIN, ...(targetTime === undefined ? {} : { recoveryTarget: { targetTime } }) };
}

function origin(recovery: BackupSpec): ValueTree {
  if (recovery.method === 'in-tree') return { name: ORIGIN, barmanObjectStore: recovery.store };
  const { name, parameters } = recovery.plugin;
  return { name: ORIGIN, plugin: { name, parameters } };
}
