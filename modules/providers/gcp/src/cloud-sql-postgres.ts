import { SqlDatabaseInstance } from '@cdktf/provider-google/lib/sql-database-instance';
import {
  stackLabels,
  exportOutputs,
  Stack,
  type PostgresDatabase,
  type PostgresDatabaseProps,
  type PostgresLogin,
  type StackOutput,
} from '@mlterra/core';
import { Construct } from 'constructs';
import { CloudSqlDatabase } from './cloud-sql-database';
import { EncryptionKey } from './encryption-key';
import { databaseDuplicate, diskSizeInvalid, majorVersionUnsupported, regionsDiffer } from './errors';
import type { GoogleProject } from './google-project';
import type { KeyRing } from './key-ring';
import { NameSuffix } from './name-suffix';
import { resourceName } from './resource-name';
import { serviceAgents } from './service-agents';
import type { VpcNetwork } from './vpc-network';

/** Those that the PostgreSQL project still mends and this release of the provider knows. */
const MAJOR_VERSIONS = [15, 16, 17];

const PORT = 5432;

/** As long as the edition keeps transaction logs. */
const LONGEST_LOG_RETENTION_DAYS = 7;

export interface CloudSqlPostgresProps {
  /** Network in which clients reach the server. */
  readonly network: VpcNetwork;
  /** Where the key for its disk and backups is made. */
  readonly keyRing: KeyRing;
  /** @default 17 */
  readonly majorVersion?: number;
  /** Machine type, e.g. `db-custom-4-15360`. @default - 1 vCPU and 3.75 GiB; 2 and 7.5 with high availability */
  readonly tier?: string;
  /** Disk at the start; it grows by itself. @default 20 */
  readonly diskSizeGiB?: number;
  /** Let people and programs log in as themselves, beside the logins with passwords. @default false */
  readonly iamAuthentication?: boolean;
}

/**
 * A PostgreSQL server of Cloud SQL with a private address only. It takes encrypted connections only, its disk
 * and backups are encrypted with a key of the owner, and it can be restored to any moment of the last days.
 */
export class CloudSqlPostgres extends Construct implements PostgresDatabase {
  public readonly majorVersion: number;
  /** Private address. */
  public readonly host: StackOutput;
  public readonly port: StackOutput;
  /** Name of the instance in Google Cloud. */
  public readonly instanceName: StackOutput;
  /** The raw resource. */
  public readonly resource: SqlDatabaseInstance;
  private readonly project: GoogleProject;
  private readonly databases = new Map<string, string>();

  public constructor(scope: Construct, id: string, props: CloudSqlPostgresProps) {
    super(scope, id);
    const { path } = this.node;
    const { network, keyRing } = props;
    const { profile } = Stack.ofConstruct(this);
    this.project = network.project;
    if (!keyRing.project.equals(this.project)) {
      throw regionsDiffer(path, 'key ring', keyRing.project.toString(), this.project.toString());
    }
    this.majorVersion = props.majorVersion ?? 17;
    if (!MAJOR_VERSIONS.includes(this.majorVersion)) {
      throw majorVersionUnsupported(path, this.majorVersion, MAJOR_VERSIONS.join(', '));
    }
    const diskSize = props.diskSizeGiB ?? 20;
    if (!Number.isInteger(diskSize) || diskSize < 10) throw diskSizeInvalid(path, diskSize, 10);
    this.project.configure(this);

    const key = new EncryptionKey(this, 'Key', {
      keyRing,
      usedBy: { 'cloud-sql': serviceAgents.cloudSql(this.project) },
    });
    const suffix = new NameSuffix(this, 'Suffix');
    this.resource = new SqlDatabaseInstance(this, 'Resource', {
      // Google keeps the name of a deleted instance for a week.
      name: suffix.append(resourceName(this, 80)),
      project: this.project.projectId,
      region: this.project.region,
      databaseVersion: `POSTGRES_${this.majorVersion}`,
      encryptionKeyName: key.keyId,
      deletionProtection: profile.deletionProtection,
      settings: {
        edition: 'ENTERPRISE',
        tier: props.tier ?? (profile.highAvailability ? 'db-custom-2-7680' : 'db-custom-1-3840'),
        availabilityType: profile.highAvailability ? 'REGIONAL' : 'ZONAL',
        deletionProtectionEnabled: profile.deletionProtection,
        retainBackupsOnDelete: profile.deletionProtection,
        diskType: 'PD_SSD',
        diskSize,
        diskAutoresize: true,
        userLabels: stackLabels(this),
        ipConfiguration: {
          ipv4Enabled: false,
          privateNetwork: network.privateServicesNetworkId.at(this),
          sslMode: 'ENCRYPTED_ONLY',
        },
        backupConfiguration: {
          enabled: true,
          startTime: '01:00',
          location: this.project.region,
          pointInTimeRecoveryEnabled: true,
          transactionLogRetentionDays: Math.min(profile.retentionDays, LONGEST_LOG_RETENTION_DAYS),
          backupRetentionSettings: { retainedBackups: profile.retentionDays, retentionUnit: 'COUNT' },
        },
        insightsConfig: {
          queryInsightsEnabled: true,
          recordApplicationTags: true,
          recordClientAddress: false,
        },
        maintenanceWindow: { day: 7, hour: 3, updateTrack: 'stable' },
        databaseFlags: [
          { name: 'cloudsql.iam_authentication', value: props.iamAuthentication === true ? 'on' : 'off' },
          { name: 'cloudsql.enable_pgaudit', value: 'on' },
          { name: 'log_checkpoints', value: 'on' },
          { name: 'log_connections', value: 'on' },
          { name: 'log_disconnections', value: 'on' },
          { name: 'log_lock_waits', value: 'on' },
          { name: 'log_min_error_statement', value: 'error' },
          // Changes of the schema; statements with data would bring the data into the log.
          { name: 'log_statement', value: 'ddl' },
          { name: 'log_temp_files', value: '0' },
        ],
      },
      dependsOn: [...key.grants],
      // The disk grows by itself; setting it back would replace the server.
      lifecycle: { ignoreChanges: ['settings[0].disk_size'] },
    });

    const outputs = exportOutputs(this, {
      host: this.resource.privateIpAddress,
      port: PORT,
      instanceName: this.resource.name,
    });
    this.host = outputs.host;
    this.port = outputs.port;
    this.instanceName = outputs.instanceName;
  }

  /**
   * Makes a database and a user for it, in the stack of `scope`. Cloud SQL puts every user with a password into the
   * role `cloudsqlsuperuser`, which owns every database of the server: tools that must not see each other's data
   * need servers of their own. Both are kept when the construct goes; making them again is then up to
   * `terraform import`.
   */
  public addDatabase(scope: Construct, id: string, props: PostgresDatabaseProps): PostgresLogin {
    const { project, instanceName, host, port } = this;
    const database = new CloudSqlDatabase(scope, id, { ...props, project, instanceName, host, port });
    const other = this.databases.get(props.name);
    if (other !== undefined) throw databaseDuplicate(database.node.path, props.name, other);
    this.databases.set(props.name, database.node.path);
    return database;
  }
}
