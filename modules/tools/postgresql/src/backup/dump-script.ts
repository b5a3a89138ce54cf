import { BACKUP_VOLUME } from './paths';

/**
 * Dumps every database of a server each `EVERY_HOURS`, counted from the last time, as soon as the file `now` is there, and soon
 * after a database was made that the newest dump lacks: it looks each `PAUSE_SECONDS`, and makes at most one dump for that in
 * five times as long. One that its role may not connect to yet, because it is being restored, is no reason.
 *
 * A dump is a folder named after the time in UTC, with `<database>.dump` for each (pg_dump's own format, compressed), the roles
 * without their passwords in `globals.sql`, and `SHA256SUMS` of all. It appears in `outgoing` when it is whole, and no other is
 * made until it is uploaded. One that fails is tried again after `PAUSE_SECONDS`, and `failed-dump` is there until it works.
 */
export const DUMP_SCRIPT = `set -eu
umask 077
cd ${BACKUP_VOLUME}

fail() {
  printf 'Backup failed: %s\\n' "$1" >&2
  date -u '+%FT%TZ: see the log of dump' >failed-dump
  exit 1
}

query() { psql --no-psqlrc --no-password --tuples-only --no-align --quiet --command="$1"; }

backup() {
  rm -rf now work/*
  id=$(date -u +%Y%m%dT%H%M%SZ)
  begin=$(date +%s)
  mkdir "work/$id"
  query 'SELECT datname FROM pg_database WHERE datallowconn AND NOT datistemplate ORDER BY datname' >work/databases ||
    fail 'the databases cannot be listed'
  while IFS= read -r name; do
    case $name in
      '' | [!A-Za-z0-9_]* | *[!A-Za-z0-9_.-]*) fail "no file can be named after the database \\"$name\\"" ;;
    esac
    pg_dump --no-password --format=custom --file="work/$id/$name.dump" -- "$name" </dev/null ||
      fail "the database $name"
  done <work/databases
  pg_dumpall --no-password --globals-only --no-role-passwords --file="work/$id/globals.sql" || fail 'the roles'
  (cd "work/$id" && sha256sum -- * >../sums && mv ../sums SHA256SUMS)
  mv "work/$id" "outgoing/$id"
  echo "$begin" >last.new
  mv last.new last
  mv work/databases known
  rm -f failed-dump
  echo "Dumped $(wc -l <known) databases into $id."
}

# Whether there is a database that the newest dump lacks; not while the server does not answer.
lacking() {
  query "SELECT datname FROM pg_database WHERE datallowconn AND NOT datistemplate
    AND has_database_privilege(oid, 'CONNECT')" >work/present 2>/dev/null || return 1
  if [ ! -e known ]; then return 0; fi
  while IFS= read -r name; do
    if ! grep -qxF -e "$name" known; then return 0; fi
  done <work/present
  return 1
}

# The same, asked often: looks each PAUSE_SECONDS, and is true at most once in five times as long.
due() {
  now=$(date +%s)
  if [ "$now" -lt $((looked + PAUSE_SECONDS)) ] || [ "$now" -lt $((extra + 5 * PAUSE_SECONDS)) ]; then return 1; fi
  looked=$now
  lacking || return 1
  extra=$now
  echo 'There is a database that the newest dump lacks.'
}

run() {
  child=
  looked=0
  extra=0
  trap 'kill $child 2>/dev/null; exit 0' TERM INT
  mkdir -p outgoing work
  deadline=$(($(date +%s) + WAIT_SECONDS))
  until message=$(query 'SELECT 1' 2>&1 >/dev/null); do
    if [ "$(date +%s)" -ge "$deadline" ]; then fail "$message"; fi
    sleep 1
  done
  touch /tmp/ready

  while :; do
    last=$(cat last 2>/dev/null || echo 0)
    pause=2
    if [ -z "$(ls outgoing)" ] && { [ -e now ] || [ -e failed-dump ] || [ "$(date +%s)" -ge $((last + EVERY_HOURS * 3600)) ] || due; }; then
      sh "$0" once &
      child=$!
      wait "$child" || pause=$PAUSE_SECONDS
    fi
    sleep "$pause" &
    child=$!
    wait "$child" || true
  done
}

case "\${1:-run}" in
  run) run ;;
  once) backup ;;
esac
`;
