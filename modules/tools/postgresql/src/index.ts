export type { PostgresqlBackups } from './backup/backups';
export { Postgresql, type PostgresqlProps } from './postgresql';
export { POSTGRESQL_IMAGE, POSTGRESQL_MAJOR_VERSION, POSTGRESQL_VERSION } from './versions';
