import { BACKUP_VOLUME } from './paths';

/**
 * Brings what was dumped into an object store, and back. Its first argument says what it does:
 *
 * - `run`: uploads each dump, reads it back and compares, then removes it here, and in the store those that are older than
 *   `RETENTION_DAYS`, never the newest. `SHA256SUMS` comes last: a backup without is none. What fails is tried again after
 *   `PAUSE_SECONDS`, and `failed-upload` is there until it works.
 * - `now`: has a backup made at once, and ends when one is in the store that was begun after it was asked.
 * - `list`: prints the backups, oldest first, each with its databases.
 * - `cat <backup> <database>`: prints the dump of a database after its checksum was compared; `latest` is the newest backup,
 *   and `globals` the roles as SQL.
 *
 * `STORE_URI` is an `s3://` or `gs://` URI, `STORE_ENDPOINT` the URL of a server that is not a cloud's, `PREFIX` the folder. With
 * `ENCRYPTION_KEY` all is encrypted before it leaves (rclone's crypt).
 */
export const UPLOAD_SCRIPT = `set -eu
umask 077
cd ${BACKUP_VOLUME}

place=\${STORE_URI#*://}
case $STORE_URI in
  s3://*)
    export RCLONE_CONFIG_STORE_TYPE=s3 RCLONE_CONFIG_STORE_ENV_AUTH=true RCLONE_CONFIG_STORE_NO_CHECK_BUCKET=true
    if [ -n "\${STORE_ENDPOINT:-}" ]; then
      export RCLONE_CONFIG_STORE_PROVIDER=Other RCLONE_CONFIG_STORE_ENDPOINT="$STORE_ENDPOINT" RCLONE_CONFIG_STORE_FORCE_PATH_STYLE=true
    else
      export RCLONE_CONFIG_STORE_PROVIDER=AWS
    fi
    if [ -n "\${AWS_REGION:-}" ]; then export RCLONE_CONFIG_STORE_REGION="$AWS_REGION"; fi
    ;;
  gs://*)
    export RCLONE_CONFIG_STORE_TYPE='google cloud storage' RCLONE_CONFIG_STORE_ENV_AUTH=true
    export RCLONE_CONFIG_STORE_BUCKET_POLICY_ONLY=true RCLONE_CONFIG_STORE_NO_CHECK_BUCKET=true
    ;;
  *)
    echo "Backups go to s3:// and gs://, not to \${STORE_URI%%://*}://." >&2
    exit 1
    ;;
esac
base="store:\${place%/}/$PREFIX"
store() { rclone --config= --log-level=ERROR "$@"; }
if [ -n "\${ENCRYPTION_KEY:-}" ]; then
  RCLONE_CONFIG_SEALED_PASSWORD=$(printf '%s' "$ENCRYPTION_KEY" | store obscure -)
  export RCLONE_CONFIG_SEALED_TYPE=crypt RCLONE_CONFIG_SEALED_REMOTE="$base" RCLONE_CONFIG_SEALED_PASSWORD
  export RCLONE_CONFIG_SEALED_FILENAME_ENCRYPTION=off RCLONE_CONFIG_SEALED_DIRECTORY_NAME_ENCRYPTION=false
  base=sealed:
fi
at() { case $base in *:) printf '%s%s' "$base" "$1" ;; *) printf '%s/%s' "$base" "$1" ;; esac; }

fail() {
  printf 'Backup failed: %s\\n' "$1" >&2
  date -u '+%FT%TZ: see the log of upload' >failed-upload
  exit 1
}

# Names of the folders in the store; none is no error (3: no such folder).
folders() {
  status=0
  found=$(store lsf --dirs-only "$base") || status=$?
  case $status in
    0) printf '%s\\n' "$found" | sed -n 's|^\\([0-9]\\{8\\}T[0-9]\\{6\\}Z\\)/$|\\1|p' | sort ;;
    3) ;;
    *) return 1 ;;
  esac
}

# Checksums of a backup, with the names of its files; false where it is not whole.
sums() { store cat "$(at "$1/SHA256SUMS")" 2>/dev/null | grep .; }

upload() {
  (cd "outgoing/$1" && sha256sum -c SHA256SUMS >/dev/null) || fail "the files of $1 have changed since they were dumped"
  store copy --exclude SHA256SUMS "outgoing/$1" "$(at "$1")" || fail "$1 cannot be uploaded"
  store check --download --one-way --exclude SHA256SUMS "outgoing/$1" "$(at "$1")" || fail "$1 came back from the store as something else"
  store copyto "outgoing/$1/SHA256SUMS" "$(at "$1/SHA256SUMS")" || fail "$1 cannot be uploaded"
  date +%s >uploaded.new
  mv uploaded.new uploaded
  echo "$1" >newest.new
  mv newest.new newest
  rm -rf "outgoing/$1"
  echo "Uploaded $1."
  prune "$1"
  rm -f failed-upload
}

# Removes what is too old; its argument is the newest backup.
prune() {
  cutoff=$(date -u -d "@$(($(date +%s) - RETENTION_DAYS * 86400))" +%Y%m%d%H%M%S)
  known=$(folders) || fail 'the store cannot be listed'
  for id in $known; do
    if [ "$id" != "$1" ] && [ "$(echo "$id" | tr -d TZ)" -lt "$cutoff" ]; then
      store purge "$(at "$id")" || fail "$id cannot be removed"
      echo "Removed $id."
    fi
  done
}

run() {
  child=
  trap 'kill $child 2>/dev/null; exit 0' TERM INT
  mkdir -p outgoing
  rm -rf fetched.*
  deadline=$(($(date +%s) + WAIT_SECONDS))
  until message=$(folders 2>&1 >/dev/null); do
    if [ "$(date +%s)" -ge "$deadline" ]; then fail "$message"; fi
    sleep 1
  done
  touch /tmp/ready
  while :; do
    pause=2
    for dumped in $(ls outgoing); do
      sh "$0" upload "$dumped" &
      child=$!
      wait "$child" || pause=$PAUSE_SECONDS
    done
    sleep "$pause" &
    child=$!
    wait "$child" || true
  done
}

now() {
  asked=$(date -u +%Y%m%d%H%M%S)
  sleep 1
  rm -f failed-dump failed-upload
  touch now
  until [ "$(cat newest 2>/dev/null | tr -dc 0-9)" -gt "$asked" ] 2>/dev/null; do
    if [ -e failed-dump ] || [ -e failed-upload ]; then
      cat failed-* >&2
      exit 1
    fi
    sleep 1
  done
  cat newest
}

list() {
  known=$(folders)
  for id in $known; do
    files=$(sums "$id") || continue
    echo "$id $(printf '%s\\n' "$files" | sed -n 's/^.*  \\(.*\\)\\.dump$/\\1/p' | tr '\\n' ' ')" | sed 's/ $//'
  done
}

fetch() {
  id=$1
  if [ "$id" = latest ]; then id=$(list | sed -n '$s/ .*//p'); fi
  file="$2.dump"
  if [ "$2" = globals ]; then file=globals.sql; fi
  if ! files=$(sums "$id"); then
    echo "There is no backup \\"$id\\"; \\"list\\" prints those there are." >&2
    exit 1
  fi
  sum=$(printf '%s\\n' "$files" | awk -v file="$file" '$2 == file')
  if [ -z "$sum" ]; then
    echo "The backup $id has no database \\"$2\\"; \\"list\\" prints those it has." >&2
    exit 1
  fi
  folder="fetched.$$"
  trap 'rm -rf "$folder"' EXIT
  mkdir "$folder"
  store copyto "$(at "$id/$file")" "$folder/$file"
  if ! (cd "$folder" && printf '%s\\n' "$sum" | sha256sum -c >/dev/null 2>&1); then
    echo "The file $file of the backup $id is damaged." >&2
    exit 1
  fi
  cat "$folder/$file"
}

case "\${1:-}:$#" in
  run:1) run ;;
  upload:2) upload "$2" ;;
  now:1) now ;;
  list:1) list ;;
  cat:3) fetch "$2" "$3" ;;
  *)
    echo 'usage: now | list | cat <backup or "latest"> <database or "globals">' >&2
    exit 64
    ;;
esac
`;
