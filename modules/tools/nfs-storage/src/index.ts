export { NFS_PROVISIONER, NfsDriver, type NfsDriverProps } from './nfs-driver';
export { NfsStorageClass, type NfsStorageClassProps } from './nfs-storage-class';
