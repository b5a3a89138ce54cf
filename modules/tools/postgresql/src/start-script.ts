/** Where the superuser's password is. */
export const PASSWORD_PATH = '/run/mlterra/postgresql-password';

/** Where the script is. */
export const START_PATH = '/etc/mlterra/postgresql-start.sh';

/** Where the volume is; the image keeps the data of each major version in a folder of its own below it. */
export const VOLUME_PATH = '/var/lib/postgresql';

/**
 * Starts the server; its arguments are those of `postgres`. Nothing of it is lost when it is killed: a new data folder is
 * made beside its place and moved there once it is whole. The password of the superuser is set at every start, so that a
 * volume which outlived its stack answers to the new one. A folder of another major version is never passed over.
 *
 * The folder is locked: process numbers of one container mean nothing in another, so `postmaster.pid` cannot tell
 * whether a server runs on it.
 */
export const START_SCRIPT = `set -eu
umask 077
password_file=$1
shift
data=$PGDATA

for found in ${VOLUME_PATH}/*/docker/PG_VERSION; do
  if [ -s "$found" ] && [ "$found" != "$data/PG_VERSION" ]; then
    echo "The volume holds data of PostgreSQL $(cat "$found"), and this is another major version: dump it with the old release, restore it with the new one, then remove \${found%/PG_VERSION}." >&2
    exit 1
  fi
done

mkdir -p "$(dirname "$data")"
exec 9>"$(dirname "$data")/lock"
if ! flock -w 60 9; then
  echo "Another server runs on this volume." >&2
  exit 1
fi

if [ ! -s "$data/PG_VERSION" ]; then
  rm -rf "$data.new"
  initdb --pgdata="$data.new" --username="$PGUSER" --pwfile="$password_file" --data-checksums \\
    --auth-local=peer --auth-host=scram-sha-256 \\
    --encoding=UTF8 --locale=C.UTF-8 --locale-provider=builtin --builtin-locale=C.UTF-8
  echo 'host all all all scram-sha-256' >>"$data.new/pg_hba.conf"
  if [ -d "$data" ]; then rmdir "$data"; fi
  mv "$data.new" "$data"
else
  rm -f "$data/postmaster.pid"
  password=$(sed "s/'/''/g" "$password_file")
  printf "ALTER ROLE \\"%s\\" PASSWORD '%s'\\n" "$PGUSER" "$password" |
    postgres --single -D "$data" -c log_statement=none -c log_min_error_statement=panic postgres >/dev/null
fi

exec postgres -D "$data" "$@"
`;
