/** Folder of both programs of the backup: what was dumped and has to be uploaded, and what is known of earlier ones. */
export const BACKUP_VOLUME = '/backups';

/** Where the scripts are. */
export const DUMP_PATH = '/etc/mlterra/postgresql-dump.sh';
export const UPLOAD_PATH = '/etc/mlterra/postgresql-backup.sh';
export const HEALTH_PATH = '/etc/mlterra/postgresql-backup-health.sh';
export const ROLE_PATH = '/etc/mlterra/postgresql-backup-role.sql';
