export { CloudDnsZone, type CloudDnsZoneProps } from './cloud-dns-zone';
export { CloudSqlPostgres, type CloudSqlPostgresProps } from './cloud-sql-postgres';
export {
  ComputeInstanceGroup,
  type ComputeInstanceGroupProps,
  type MachineHealthCheck,
} from './compute-instance-group';
export { EncryptionKey, type EncryptionKeyProps } from './encryption-key';
export { GkeCluster, type GkeClusterProps } from './gke-cluster';
export { GkeNodePool, type GkeNodePoolProps } from './gke-node-pool';
export { GkeStorageClass, type GkeStorageClassProps } from './gke-storage-class';
export { GoogleProject, type GoogleProjectProps } from './google-project';
export { KeyRing, type KeyRingProps } from './key-ring';
export { ProjectServices, type ProjectServicesProps } from './project-services';
export { SecretManager, type SecretManagerProps } from './secret-manager';
export { StorageBucket, type StorageBucketProps } from './storage-bucket';
export { Subnetwork, type SubnetworkProps } from './subnetwork';
export { VpcNetwork, type VpcNetworkProps } from './vpc-network';
