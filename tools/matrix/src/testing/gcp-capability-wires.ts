import { found, type Applied } from './applied';
import type { CapabilityWire } from './wire';

/* eslint-disable @typescript-eslint/no-explicit-any -- values of resources have any shape */

const cluster = (applied: Applied): any => applied.values('prod-cluster', 'google_container_cluster');
const pool = (applied: Applied): any => applied.values('prod-cluster', 'google_container_node_pool');
const nodes = (applied: Applied): any => pool(applied).node_config[0];
const sql = (applied: Applied): any => applied.values('prod-database', 'google_sql_database_instance');
const settings = (applied: Applied): any => sql(applied).settings[0];
const bucket = (applied: Applied): any => applied.values('prod-mlflow', 'google_storage_bucket');
const grant = (applied: Applied): any => applied.values('prod-mlflow', 'google_storage_bucket_iam_member');
const template = (applied: Applied): any =>
  applied.values('prod-machines', 'google_compute_region_instance_template');
const group = (applied: Applied): any =>
  applied.values('prod-machines', 'google_compute_region_instance_group_manager');
const limits = (applied: Applied): any =>
  applied.values('prod-machines', 'google_compute_region_autoscaler').autoscaling_policy[0];
const rule = (applied: Applied, port: string): any =>
  found(
    applied
      .all('prod-machines', 'google_compute_firewall')
      .find(({ allow = [] }: any) => allow.some(({ ports = [] }: any) => ports.includes(port))),
    `rule for port ${port}`,
  );

const clusterWires: readonly Omit<CapabilityWire, 'capability'>[] = [
  {
    cut: 'nodes with public addresses',
    check: 'private-nodes',
    says: 'privacy of the nodes is false',
    spoil: (applied) => (cluster(applied).private_cluster_config[0].enable_private_nodes = false),
  },
  {
    cut: 'an API server that anyone reaches',
    check: 'api-server-restricted',
    says: 'what reaches the API server is ["0.0.0.0/0"]',
    spoil: (applied) => {
      cluster(applied).private_cluster_config[0].enable_private_endpoint = false;
      cluster(applied).master_authorized_networks_config = [];
    },
  },
  {
    cut: 'Secrets without encryption',
    check: 'secrets-encrypted',
    says: 'encryption of Secrets is false',
    spoil: (applied) => (cluster(applied).database_encryption[0].state = 'DECRYPTED'),
  },
  {
    cut: 'disks of nodes without a key',
    check: 'node-disks-encrypted',
    says: "encryption of the nodes' disks is false",
    spoil: (applied) => (nodes(applied).boot_disk_kms_key = ''),
  },
  {
    cut: 'a pool without autoscaling',
    check: 'autoscaled',
    says: 'autoscaling is not known',
    spoil: (applied) => (pool(applied).autoscaling = []),
  },
  {
    cut: 'pods that see the account of their node',
    check: 'workload-identity',
    says: 'workload identity is false',
    spoil: (applied) => (nodes(applied).workload_metadata_config[0].mode = 'GCE_METADATA'),
  },
  {
    cut: "nodes that run as the project's default account",
    check: 'node-identity',
    says: 'the account of the nodes is false',
    spoil: (applied) => (nodes(applied).service_account = 'default'),
  },
  {
    cut: 'network policies that nobody enforces',
    check: 'network-policy-enforced',
    says: 'enforcement of network policies is false',
    spoil: (applied) => (cluster(applied).datapath_provider = 'LEGACY_DATAPATH'),
  },
  {
    cut: 'nodes that nobody upgrades',
    check: 'auto-upgrade',
    says: 'repair and upgrade of nodes is false',
    spoil: (applied) => (pool(applied).management[0].auto_upgrade = false),
  },
  {
    cut: 'no log of the API server',
    check: 'audit-log',
    says: 'the audit log is false',
    spoil: (applied) => (cluster(applied).logging_config[0].enable_components = ['WORKLOADS']),
  },
  {
    cut: 'nodes without secure boot',
    check: 'verified-boot',
    says: 'verified boot of the nodes is false',
    spoil: (applied) => (nodes(applied).shielded_instance_config[0].enable_secure_boot = false),
  },
  {
    cut: 'a cluster that can be deleted',
    check: 'deletion-protection',
    says: 'deletion protection is false, expected true',
    spoil: (applied) => (cluster(applied).deletion_protection = false),
  },
  {
    cut: 'client certificates',
    check: 'legacy-authentication-off',
    says: 'absence of old ways to log in is false',
    spoil: (applied) =>
      (cluster(applied).master_auth[0].client_certificate_config[0].issue_client_certificate = true),
  },
];

const postgresWires: readonly Omit<CapabilityWire, 'capability'>[] = [
  {
    cut: 'a version that gets no more updates',
    check: 'version-maintained',
    says: 'the major version is 11',
    spoil: (applied) => (sql(applied).database_version = 'POSTGRES_11'),
  },
  {
    cut: 'a network that services are not connected to',
    check: 'answers',
    says: 'where it answers is []',
    spoil: (applied) => applied.remove('prod-foundation', 'google_service_networking_connection'),
  },
  {
    cut: 'a public address',
    check: 'private',
    says: 'reach from the internet is true',
    spoil: (applied) => (settings(applied).ip_configuration[0].ipv4_enabled = true),
  },
  {
    cut: 'connections without TLS',
    check: 'tls-required',
    says: 'the demand for TLS is false',
    spoil: (applied) => (settings(applied).ip_configuration[0].ssl_mode = 'ALLOW_UNENCRYPTED_AND_ENCRYPTED'),
  },
  {
    cut: 'a disk without a key',
    check: 'encrypted-at-rest',
    says: 'encryption at rest is false',
    spoil: (applied) => (sql(applied).encryption_key_name = ''),
  },
  {
    cut: 'no backups',
    check: 'backups',
    says: 'the number of days backups are kept is 0',
    spoil: (applied) => (settings(applied).backup_configuration[0].enabled = false),
  },
  {
    cut: 'too few backups',
    check: 'backups',
    says: 'the number of days backups are kept is 7, expected 30 or more',
    spoil: (applied) =>
      (settings(applied).backup_configuration[0].backup_retention_settings[0].retained_backups = 7),
  },
  {
    cut: 'no point-in-time recovery',
    check: 'point-in-time-recovery',
    says: 'point-in-time recovery is false',
    spoil: (applied) => (settings(applied).backup_configuration[0].point_in_time_recovery_enabled = false),
  },
  {
    cut: 'one zone only',
    check: 'high-availability',
    says: 'high availability is false',
    spoil: (applied) => (settings(applied).availability_type = 'ZONAL'),
  },
  {
    cut: 'a server that can be deleted',
    check: 'deletion-protection',
    says: 'deletion protection is false, expected true',
    spoil: (applied) => {
      sql(applied).deletion_protection = false;
      settings(applied).deletion_protection_enabled = false;
    },
  },
  {
    cut: 'one password for two users',
    check: 'passwords',
    says: 'has the password of another user',
    spoil: (applied) => {
      const [first, second] = applied.all('prod-mlflow', 'google_sql_user');
      first.password = second.password;
    },
  },
];

const storeWires: readonly Omit<CapabilityWire, 'capability'>[] = [
  {
    cut: 'public access that is not prevented',
    check: 'public-access-prevented',
    says: 'prevention of public access is false',
    spoil: (applied) => (bucket(applied).public_access_prevention = 'inherited'),
  },
  {
    cut: 'a grant to everybody',
    check: 'no-public-grant',
    says: 'a member of a grant is "allUsers"',
    spoil: (applied) => (grant(applied).member = 'allUsers'),
  },
  {
    cut: 'a grant to everybody with an account',
    check: 'no-public-grant',
    says: 'a member of a grant is "allAuthenticatedUsers"',
    spoil: (applied) => (grant(applied).member = 'allAuthenticatedUsers'),
  },
  {
    cut: 'no key',
    check: 'encrypted-at-rest',
    says: 'encryption at rest is false',
    spoil: (applied) => (bucket(applied).encryption = []),
  },
  {
    cut: 'a key of nobody here',
    check: 'encrypted-at-rest',
    says: 'encryption at rest is false',
    spoil: (applied) => (bucket(applied).encryption[0].default_kms_key_name = 'projects/x/keys/other'),
  },
  {
    cut: 'no versions',
    check: 'versioned',
    says: 'versioning is false',
    spoil: (applied) => (bucket(applied).versioning[0].enabled = false),
  },
  {
    cut: 'access by object',
    check: 'uniform-access',
    says: 'uniform access is false',
    spoil: (applied) => (bucket(applied).uniform_bucket_level_access = false),
  },
  {
    cut: 'a bucket that is destroyed with all it holds',
    check: 'retained',
    says: 'retention is false',
    spoil: (applied) => (bucket(applied).force_destroy = true),
  },
  {
    cut: 'an administrator',
    check: 'narrow-grants',
    says: 'is "roles/storage.admin", expected one that allows no more than objects',
    spoil: (applied) => (grant(applied).role = 'roles/storage.admin'),
  },
  {
    cut: 'a name with a path',
    check: 'uri',
    says: /the URI is "gs:\/\/.*\/artifacts"/,
    spoil: (applied) => {
      bucket(applied).name += '/artifacts';
      grant(applied).bucket = bucket(applied).name;
    },
  },
  {
    cut: 'a grant on the whole project',
    check: 'grants-on-store-only',
    says: 'has roles/storage.objectUser on more than this store',
    spoil: (applied) =>
      applied.add('prod-mlflow', 'google_project_iam_member', {
        member: 'user:somebody@example.org',
        role: 'roles/storage.objectUser',
      }),
  },
];

const machineWires: readonly Omit<CapabilityWire, 'capability'>[] = [
  {
    cut: 'public addresses',
    check: 'no-public-addresses',
    says: 'the presence of public addresses is true',
    spoil: (applied) => (template(applied).network_interface[0].access_config = [{}]),
  },
  {
    cut: 'disks without a key',
    check: 'disks-encrypted',
    says: 'encryption of the disks is false',
    spoil: (applied) => (template(applied).disk[0].disk_encryption_key = []),
  },
  {
    cut: 'no secure boot',
    check: 'verified-boot',
    says: 'verified boot is false',
    spoil: (applied) => (template(applied).shielded_instance_config[0].enable_secure_boot = false),
  },
  {
    cut: 'an account that may do anything',
    check: 'own-identity',
    says: 'an account of their own is false',
    spoil: (applied) =>
      applied.add('prod-machines', 'google_project_iam_member', {
        member: `serviceAccount:${template(applied).service_account[0].email}`,
        role: 'roles/editor',
      }),
  },
  {
    cut: 'a single machine',
    check: 'size',
    says: /the number of machines is \[1,\d+\], expected at least 2/,
    spoil: (applied) => (limits(applied).min_replicas = 1),
  },
  {
    cut: 'no autoscaler',
    check: 'size',
    says: 'the number of machines is [null,null]',
    spoil: (applied) => applied.remove('prod-machines', 'google_compute_region_autoscaler'),
  },
  {
    cut: 'no health check',
    check: 'auto-healing',
    says: 'replacement of unhealthy machines is false',
    spoil: (applied) => (group(applied).auto_healing_policies = []),
  },
  {
    cut: 'no rolling update',
    check: 'rolling-update',
    says: 'a rolling update is false',
    spoil: (applied) => (group(applied).update_policy[0].type = 'OPPORTUNISTIC'),
  },
  {
    cut: 'keys on the machines',
    check: 'managed-login',
    says: "log-in by the cloud's accounts is false",
    spoil: (applied) => (template(applied).metadata['enable-oslogin'] = 'FALSE'),
  },
  {
    cut: 'a port open to the internet',
    check: 'ports-restricted',
    says: /what reaches port 8080 is \[.*"0\.0\.0\.0\/0"\]/,
    spoil: (applied) => rule(applied, '8080').source_ranges.push('0.0.0.0/0'),
  },
  {
    cut: 'a private key in the user data',
    check: 'user-data-without-secrets',
    says: 'user data holds a private key as plain text',
    spoil: (applied) =>
      (template(applied).metadata['user-data'] += '\n-----BEGIN OPENSSH PRIVATE KEY-----\n'),
  },
  {
    cut: 'a serial console',
    check: 'serial-console-off',
    says: 'the serial console is true',
    spoil: (applied) => (template(applied).metadata['serial-port-enable'] = 'TRUE'),
  },
];

const of = (
  capability: CapabilityWire['capability'],
  wires: readonly Omit<CapabilityWire, 'capability'>[],
): readonly CapabilityWire[] => wires.map((wire) => ({ ...wire, capability }));

/** Faults in the cluster, the databases and the buckets of Google Cloud. */
export const gcpPlatformWires: readonly CapabilityWire[] = [
  ...of('KubernetesCluster', clusterWires),
  ...of('PostgresDatabase', postgresWires),
  ...of('ObjectStore', storeWires),
];

/** Faults in groups of machines of Google Cloud. */
export const gcpMachineWires: readonly CapabilityWire[] = of('MachineGroup', machineWires);
