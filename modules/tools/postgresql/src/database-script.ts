import { ADMIT_BACKUP_ROLE, AWAIT_BACKUP_ROLE } from './backup/role-script';

/** Where the shell's part is. */
export const CREATE_PATH = '/etc/mlterra/postgresql-create.sh';

/** Where the server's part is. */
export const SQL_PATH = '/etc/mlterra/postgresql-create.sql';

/** psql ends with it when it could not connect, or lost the connection. */
const NO_CONNECTION = 2;

/**
 * Runs the SQL file that is its argument as soon as the server lets it in, which may be starting; waits for as long as
 * `WAIT_SECONDS` says, then ends with what was wrong last. All of a login comes by libpq's variables.
 */
export const CREATE_SCRIPT = `set -eu
deadline=$(($(date +%s) + WAIT_SECONDS))
while :; do
  status=0
  message=$(psql --no-psqlrc --no-password --quiet --file="$1" 2>&1 >/dev/null) || status=$?
  if [ "$status" -ne ${NO_CONNECTION} ] || [ "$(date +%s)" -ge "$deadline" ]; then break; fi
  sleep 1
done
if [ -n "$message" ]; then printf '%s\\n' "$message" >&2; fi
exit "$status"
`;

/**
 * Makes the role `DATABASE_NAME` with the password `DATABASE_PASSWORD` and a database of its own, unless they are there.
 * The role is marked with `DATABASE_MARK`; one with another mark is somebody else's, and left alone. Nothing is ever dropped.
 * Statements with a password do not get into the server's log, and two runs at once take turns.
 */
export const CREATE_SQL = `\\set ON_ERROR_STOP on
\\getenv name DATABASE_NAME
\\getenv password DATABASE_PASSWORD
\\getenv mark DATABASE_MARK

SET client_min_messages = 'warning';
SET log_statement = 'none';
SET log_min_error_statement = 'panic';
SET log_min_duration_statement = -1;
SELECT pg_advisory_lock(hashtext('mlterra'), hashtext(:'name'));
${AWAIT_BACKUP_ROLE}

SELECT format('DO $raise$ BEGIN RAISE EXCEPTION USING MESSAGE = %L; END $raise$',
  format('The user %s is there already, and belongs to %s, not to the stack %s.', :'name',
    coalesce(replace(shobj_description(oid, 'pg_authid'), 'mlterra: ', 'the stack '), 'someone else'),
    replace(:'mark', 'mlterra: ', '')))
FROM pg_roles
WHERE rolname = :'name' AND shobj_description(oid, 'pg_authid') IS DISTINCT FROM :'mark'
\\gexec

BEGIN;
SELECT format('CREATE ROLE %I', :'name')
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'name')
\\gexec
SELECT format('COMMENT ON ROLE %I IS %L', :'name', :'mark')
\\gexec
SELECT format('ALTER ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD %L', :'name', :'password')
\\gexec
COMMIT;

SELECT format('CREATE DATABASE %I OWNER %I', :'name', :'name')
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'name')
\\gexec
SELECT format('REVOKE ALL ON DATABASE %I FROM PUBLIC', :'name')
\\gexec
${ADMIT_BACKUP_ROLE}
`;
