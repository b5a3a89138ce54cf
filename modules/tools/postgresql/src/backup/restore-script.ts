import { PASSWORD_PATH } from '../start-script';
import { ADMIT_BACKUP_ROLE } from './role-script';

/** Where the script is, in the container of the server. */
export const RESTORE_PATH = '/etc/mlterra/postgresql-restore.sh';

/**
 * Makes a database from a dump on standard input: beside it first, so that nothing is lost when the dump is damaged or the
 * pipe breaks. One that is there already is replaced with `--overwrite` only, and kept under another name, closed to
 * connections. The owner is that of the database before, or the user of the same name, or `--owner`.
 */
export const RESTORE_SCRIPT = `set -eu
usage() {
  echo 'usage: postgresql-restore.sh <database> [--overwrite] [--owner=<user>], with a dump on standard input' >&2
  exit 64
}

TARGET=
OWNER=
overwrite=
for argument; do
  case $argument in
    --overwrite) overwrite=yes ;;
    --owner=?*) OWNER=\${argument#--owner=} ;;
    -* | '') usage ;;
    *) if [ -n "$TARGET" ]; then usage; else TARGET=$argument; fi ;;
  esac
done
if [ -z "$TARGET" ] || [ -t 0 ]; then usage; fi

PGPASSWORD=$(cat ${PASSWORD_PATH})
RESTORED="mlterra_restore_$(date +%s)_$$"
KEPT="$(printf '%.40s' "$TARGET")_before_$(date -u +%Y%m%d%H%M%S)"
export PGPASSWORD TARGET OWNER RESTORED KEPT PGHOST=127.0.0.1 PGDATABASE=postgres
exec 3<&0 </dev/null

# Runs what comes on standard input.
sql() {
  {
    printf '%s\\n' '\\set ON_ERROR_STOP on' '\\getenv name TARGET' '\\getenv owner OWNER' '\\getenv restored RESTORED' '\\getenv kept KEPT'
    cat
  } | psql --no-psqlrc --no-password --tuples-only --no-align --quiet --file=-
}

there=$(echo "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = :'name'" | sql)
if [ -n "$there" ] && [ -z "$overwrite" ]; then
  echo "The database $TARGET is there already: name another one, or add --overwrite to replace it." >&2
  exit 1
fi
if [ -z "$OWNER" ]; then OWNER=\${there:-$TARGET}; fi
if [ -z "$(echo "SELECT 1 FROM pg_roles WHERE rolname = :'owner'" | sql)" ]; then
  echo "There is no user $OWNER to own the database: name one by --owner=<user>, or apply the stack that makes it." >&2
  exit 1
fi

closed=
undo() {
  sql <<'SQL'
SELECT format('DROP DATABASE IF EXISTS %I WITH (FORCE)', :'restored')
\\gexec
SQL
  if [ -n "$closed" ]; then
    sql <<'SQL'
SELECT format('ALTER DATABASE %I ALLOW_CONNECTIONS true', :'name')
\\gexec
SQL
  fi
}
trap undo EXIT
trap 'exit 1' INT TERM HUP
sql <<'SQL'
SELECT format('CREATE DATABASE %I OWNER %I TEMPLATE template0', :'restored', :'owner')
\\gexec
SELECT format('REVOKE ALL ON DATABASE %I FROM PUBLIC', :'restored')
\\gexec
SQL
pg_restore --no-password --exit-on-error --single-transaction --dbname="$RESTORED" <&3

if [ -n "$there" ]; then
  closed=yes
  sql >/dev/null <<'SQL'
SELECT format('ALTER DATABASE %I ALLOW_CONNECTIONS false', :'name')
\\gexec
SELECT count(pg_terminate_backend(pid, 10000)) FROM pg_stat_activity WHERE datname = :'name';
BEGIN;
SELECT format('ALTER DATABASE %I RENAME TO %I', :'name', :'kept')
\\gexec
SELECT format('ALTER DATABASE %I RENAME TO %I', :'restored', :'name')
\\gexec
COMMIT;
SQL
  echo "What was in $TARGET is kept as $KEPT, closed to connections, until you drop it." >&2
else
  sql <<'SQL'
SELECT format('ALTER DATABASE %I RENAME TO %I', :'restored', :'name')
\\gexec
SQL
fi
trap - EXIT
sql <<'SQL'
${ADMIT_BACKUP_ROLE}
SQL
echo "Restored $TARGET, which belongs to $OWNER." >&2
`;
