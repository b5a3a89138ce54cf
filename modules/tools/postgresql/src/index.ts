export type { PostgresqlBackups } from './backup/backups';
export { BarmanCloudPlugin, type BarmanCloudPluginProps } from './cloudnative-pg/barman-plugin';
export {
  CloudNativePgCluster,
  type CloudNativePgBackups,
  type CloudNativePgClusterProps,
  type CloudNativePgRecovery,
} from './cloudnative-pg/cluster';
export type { BarmanMethod } from './cloudnative-pg/cluster-spec';
export { CloudNativePgOperator, type CloudNativePgOperatorProps } from './cloudnative-pg/operator';
export { Postgresql, type PostgresqlProps } from './postgresql';
export { POSTGRESQL_IMAGE, POSTGRESQL_MAJOR_VERSION, POSTGRESQL_VERSION } from './versions';
