import { Stack } from '@mlterra/core';
import { Construct } from 'constructs';
import { storageClassNameInvalid } from './errors';
import type { GkeCluster } from './gke-cluster';

export interface GkeStorageClassProps {
  readonly cluster: GkeCluster;
  /** Kind of disk. @default "pd-balanced" */
  readonly diskType?: 'pd-standard' | 'pd-balanced' | 'pd-ssd' | 'hyperdisk-balanced';
  /** Whether each disk is in two zones, so that its pod can move when one of them fails. @default - the profile's high availability */
  readonly regional?: boolean;
  /** What becomes of a disk whose claim is deleted. @default - "Retain" where the profile protects from deletion, else "Delete" */
  readonly reclaimPolicy?: 'Retain' | 'Delete';
  /** Name by which claims ask for the class, unique on the cluster. @default - `<disk type>-encrypted`, with `-regional` */
  readonly className?: string;
}

const NAME = /^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/;

/** A class of volumes on a GKE cluster: disks that are encrypted with the cluster's own key, made where the pod is. */
export class GkeStorageClass extends Construct {
  /** For `storageClass` of volumes and of charts. */
  public readonly className: string;

  public constructor(scope: Construct, id: string, props: GkeStorageClassProps) {
    super(scope, id);
    const { cluster, diskType = 'pd-balanced' } = props;
    const { highAvailability, deletionProtection } = Stack.ofConstruct(this).profile;
    const regional = props.regional ?? highAvailability;
    this.className = props.className ?? `${diskType}-encrypted${regional ? '-regional' : ''}`;
    if (!NAME.test(this.className)) throw storageClassNameInvalid(this.node.path, this.className);
    cluster.addObjects(this, 'Resource', [
      {
        apiVersion: 'storage.k8s.io/v1',
        kind: 'StorageClass',
        clusterScoped: true,
        metadata: { name: this.className },
        content: {
          provisioner: 'pd.csi.storage.gke.io',
          parameters: {
            type: diskType,
            'disk-encryption-kms-key': cluster.disksKeyId,
            ...(regional ? { 'replication-type': 'regional-pd' } : {}),
          },
          reclaimPolicy: props.reclaimPolicy ?? (deletionProtection ? 'Retain' : 'Delete'),
          volumeBindingMode: 'WaitForFirstConsumer',
          allowVolumeExpansion: true,
        },
      },
    ]);
  }
}
