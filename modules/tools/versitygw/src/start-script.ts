/** Where the script is. */
export const START_PATH = '/etc/mlterra/versitygw-start.sh';

/** Where the volume is. */
export const VOLUME_PATH = '/data';

/**
 * Starts the server on the volume; its arguments are those of versitygw. Folders on the volume: `objects`, a folder for each
 * bucket with a file for each object; `versions`, what was overwritten in buckets whose owner switched that on; `users`.
 *
 * Users are read anew for each request: with the cache a key that was changed stays good beside the new one (1.8.0).
 */
export const START_SCRIPT = `set -eu
umask 077
for folder in objects versions users; do mkdir -p "${VOLUME_PATH}/$folder"; done
exec versitygw "$@" --iam-dir ${VOLUME_PATH}/users --iam-cache-disable posix --versioning-dir ${VOLUME_PATH}/versions --dir-perms 0700 --file-perms 0600 ${VOLUME_PATH}/objects
`;
