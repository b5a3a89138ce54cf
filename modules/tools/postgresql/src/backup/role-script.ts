/** Who dumps databases: it reads all of them and writes nothing. */
export const BACKUP_ROLE = 'mlterra_backup';

/** Takes turns with whoever makes a database, so that none is made that this role may not read. */
const LOCK = `hashtext('mlterra'), hashtext('${BACKUP_ROLE}')`;

/** Part of the script that makes a database: waits until the role is whole, while it is being made. */
export const AWAIT_BACKUP_ROLE = `SELECT pg_advisory_lock_shared(${LOCK});`;

/** Lets the role, where there is one, into the database whose name the variable `name` of psql holds. */
export const ADMIT_BACKUP_ROLE = `SELECT format('GRANT CONNECT ON DATABASE %I TO ${BACKUP_ROLE}', :'name')
WHERE EXISTS (SELECT FROM pg_roles WHERE rolname = '${BACKUP_ROLE}')
\\gexec`;

/**
 * Makes the role with the password `BACKUP_PASSWORD`, or gives it this one. It passes over row-level security: else a dump
 * would lack rows, or fail. One with another mark than `BACKUP_MARK` is somebody else's, and left alone.
 */
export const ROLE_SQL = `\\set ON_ERROR_STOP on
\\getenv password BACKUP_PASSWORD
\\getenv mark BACKUP_MARK

SET client_min_messages = 'warning';
SET log_statement = 'none';
SET log_min_error_statement = 'panic';
SET log_min_duration_statement = -1;
SELECT pg_advisory_lock(${LOCK});

SELECT format('DO $raise$ BEGIN RAISE EXCEPTION USING MESSAGE = %L; END $raise$',
  'The user ${BACKUP_ROLE} is there already, and is not the one that makes the backups of this stack.')
FROM pg_roles
WHERE rolname = '${BACKUP_ROLE}' AND shobj_description(oid, 'pg_authid') IS DISTINCT FROM :'mark'
\\gexec

BEGIN;
SELECT 'CREATE ROLE ${BACKUP_ROLE}'
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '${BACKUP_ROLE}')
\\gexec
SELECT format('COMMENT ON ROLE ${BACKUP_ROLE} IS %L', :'mark')
\\gexec
SELECT format('ALTER ROLE ${BACKUP_ROLE} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION BYPASSRLS PASSWORD %L', :'password')
\\gexec
GRANT pg_read_all_data TO ${BACKUP_ROLE};
COMMIT;

SELECT format('GRANT CONNECT ON DATABASE %I TO ${BACKUP_ROLE}', datname)
FROM pg_database
WHERE datallowconn AND NOT datistemplate
\\gexec
`;
