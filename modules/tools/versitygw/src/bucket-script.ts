/** Where the script is. */
export const CREATE_PATH = '/etc/mlterra/versitygw-create.sh';

/**
 * Makes the user `USER_ACCESS_KEY_ID` with the key `USER_SECRET_ACCESS_KEY` and the bucket `BUCKET` that belongs to it, unless
 * they are there, as soon as the server answers; waits for as long as `WAIT_SECONDS` says. The user may make no buckets and
 * reaches no other. A bucket of another owner is left alone. Who asks, and where, versitygw takes from variables itself.
 */
export const CREATE_SCRIPT = `set -eu
deadline=$(($(date +%s) + WAIT_SECONDS))
until message=$(versitygw admin list-users 2>&1 >/dev/null); do
  if [ "$(date +%s)" -ge "$deadline" ]; then
    printf '%s\\n' "$message" >&2
    exit 1
  fi
  sleep 1
done

# Runs a command of the administrator; false when it failed with the code that is the first argument.
administer() {
  code=$1
  shift
  if message=$(versitygw admin "$@" 2>&1 >/dev/null); then return 0; fi
  case $message in *" $code: "*) return 1 ;; esac
  printf '%s\\n' "$message" >&2
  exit 1
}

if ! administer XAdminUserExists create-user --role user --access "$USER_ACCESS_KEY_ID" --secret "$USER_SECRET_ACCESS_KEY"; then
  administer none update-user --role user --access "$USER_ACCESS_KEY_ID" --secret "$USER_SECRET_ACCESS_KEY"
fi
administer BucketAlreadyOwnedByYou create-bucket --bucket "$BUCKET" --owner "$USER_ACCESS_KEY_ID" || true
`;
