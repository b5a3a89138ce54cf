import { Stack } from '@mlterra/core';
import { Construct } from 'constructs';
import { classNameInvalid, folderInvalid, mountOptionInvalid, serverInvalid } from './errors';
import { NFS_PROVISIONER, type NfsDriver } from './nfs-driver';

export interface NfsStorageClassProps {
  readonly driver: NfsDriver;
  /** Name or address of the NFS server, which the nodes must reach. */
  readonly server: string;
  /** Folder that the server exports, e.g. `/exports/ml`. */
  readonly share: string;
  /** Name by which claims ask for the class, unique on the cluster. @default - `nfs-<environment>-<stage>` */
  readonly className?: string;
  /** Whether claims that name no class get this one. @default false */
  readonly isDefault?: boolean;
  /** What becomes of the folder of a volume whose claim is deleted. @default "Retain" */
  readonly reclaimPolicy?: 'Retain' | 'Delete';
  /** Options of the mount. @default - NFS 4.1, and writes that wait for the server for ever instead of being lost */
  readonly mountOptions?: readonly string[];
}

const NAME = /^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/;
const SERVER = /^[A-Za-z0-9](?:[A-Za-z0-9.:-]*[A-Za-z0-9])?$/;
const FOLDER = /^\/(?:[^\0\s]*[^\0\s/])?$/;
const MOUNT_OPTION = /^[a-z0-9_]+(=[\w.:/-]+)?$/;

const MOUNT_OPTIONS = ['nfsvers=4.1', 'hard', 'noatime', 'nosuid', 'nodev'];

/** A class of volumes that are folders of one NFS export; many pods on many nodes may write one of them. */
export class NfsStorageClass extends Construct {
  /** For `storageClass` of volumes, of clusters and of charts. */
  public readonly className: string;

  public constructor(scope: Construct, id: string, props: NfsStorageClassProps) {
    super(scope, id);
    const { driver, server, share, mountOptions = MOUNT_OPTIONS } = props;
    const { path } = this.node;
    const stack = Stack.ofConstruct(this);
    const { environment, stage } = stack.stackKey;
    this.className = props.className ?? `nfs-${environment}-${stage}`;
    if (!NAME.test(this.className)) throw classNameInvalid(path, this.className);
    if (!SERVER.test(server)) throw serverInvalid(path, server);
    if (!FOLDER.test(share) || share.split('/').includes('..')) throw folderInvalid(path, share);
    for (const option of mountOptions) {
      if (!MOUNT_OPTION.test(option)) throw mountOptionInvalid(path, option);
    }
    if (driver.stack !== stack) stack.addDependency(driver.stack);
    driver.platform.addObjects(this, 'Resource', [
      {
        apiVersion: 'storage.k8s.io/v1',
        kind: 'StorageClass',
        clusterScoped: true,
        metadata: {
          name: this.className,
          annotations: { 'storageclass.kubernetes.io/is-default-class': String(props.isDefault ?? false) },
        },
        content: {
          provisioner: NFS_PROVISIONER,
          parameters: {
            server,
            share,
            // Folders that a person can tell apart, none inside another.
            subDir: '${pvc.metadata.namespace}/${pvc.metadata.name}/${pv.metadata.name}',
            mountPermissions: '0770',
          },
          reclaimPolicy: props.reclaimPolicy ?? 'Retain',
          volumeBindingMode: 'Immediate',
          allowVolumeExpansion: true,
          mountOptions: [...mountOptions],
        },
      },
    ]);
  }
}
