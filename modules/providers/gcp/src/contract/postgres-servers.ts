import type { PostgresFacts, PostgresLoginFacts, Rehearsed } from '@mlterra/testing/contracts';
import { block, booleanOf, numberOf, textOf, type Block } from './blocks';
import { encryptedBy } from './encryption';

/** Cloud SQL has no other. */
const PORT = 5432;

/** Modes in which connections without TLS are refused. */
const TLS_MODES = ['ENCRYPTED_ONLY', 'TRUSTED_CLIENT_CERTIFICATE_REQUIRED'];

/** Servers of Cloud SQL for PostgreSQL. */
export function postgresServers(stage: Rehearsed): readonly PostgresFacts[] {
  return stage
    .resources('google_sql_database_instance')
    .filter(({ values }) => String(values.database_version).startsWith('POSTGRES_'))
    .map(({ address, stack, values }) => {
      const settings = block(values, 'settings') ?? {};
      const network = block(settings, 'ip_configuration') ?? {};
      const backups = block(settings, 'backup_configuration') ?? {};
      return {
        address,
        stack,
        majorVersion: Number(String(values.database_version).slice('POSTGRES_'.length)),
        hosts: isReachable(stage, network) ? [textOf(values.private_ip_address) ?? ''] : [],
        port: PORT,
        public: booleanOf(network.ipv4_enabled),
        tlsRequired: TLS_MODES.includes(String(network.ssl_mode)),
        loopback: false,
        encryptedAtRest: encryptedBy(stage, values.encryption_key_name, 'gcp-sa-cloud-sql'),
        backupRetentionDays: backups.enabled === true ? backupsKept(backups) : 0,
        pointInTimeRecovery: booleanOf(backups.point_in_time_recovery_enabled),
        highAvailability: settings.availability_type === 'REGIONAL',
        deletionProtection:
          values.deletion_protection === settings.deletion_protection_enabled
            ? booleanOf(values.deletion_protection)
            : undefined,
        logins: logins(stage, values.name),
      };
    });
}

/** Whether the server's network is one to which Google's managed services are connected. */
function isReachable(stage: Rehearsed, network: Block): boolean {
  return stage
    .resources('google_service_networking_connection')
    .some(({ values }) => values.network === network.private_network);
}

/** One backup is made a day. */
function backupsKept(backups: Block): number | undefined {
  return numberOf(block(backups, 'backup_retention_settings')?.retained_backups);
}

/** A database and the user of its name: Cloud SQL itself knows no owner but its own role. */
function logins(stage: Rehearsed, instance: unknown): readonly PostgresLoginFacts[] {
  const users = stage.resources('google_sql_user').filter(({ values }) => values.instance === instance);
  return stage
    .resources('google_sql_database')
    .filter(({ values }) => values.instance === instance)
    .flatMap(({ values: { name } }) =>
      users
        .filter((user) => user.values.name === name)
        .map((user) => ({
          database: String(name),
          user: String(name),
          password: textOf(user.values.password) ?? '',
        })),
    );
}
