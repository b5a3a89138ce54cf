/** Where the script and the policy are. */
export const CREATE_PATH = '/etc/mlterra/minio-create.sh';

/**
 * Makes the bucket `BUCKET`, a policy of the same name that allows all of its objects and nothing else, and the user
 * `USER_ACCESS_KEY_ID` with it, unless they are there; a user that is there gets the key anew. `MC_HOST_server` is the
 * URL of the server with the administrator's key, by which MinIO's client logs in.
 */
export const CREATE_SCRIPT = `set -eu
deadline=$(($(date +%s) + WAIT_SECONDS))
until message=$(mc --quiet ready server 2>&1 >/dev/null); do
  if [ "$(date +%s)" -ge "$deadline" ]; then
    printf '%s\\n' "$message" >&2
    exit 1
  fi
  sleep 1
done
mc --quiet mb --ignore-existing "server/$BUCKET"
cat >/tmp/policy.json <<POLICY
{"Version": "2012-10-17", "Statement": [
  {"Effect": "Allow", "Action": ["s3:ListBucket", "s3:GetBucketLocation", "s3:ListBucketMultipartUploads"],
   "Resource": ["arn:aws:s3:::$BUCKET"]},
  {"Effect": "Allow",
   "Action": ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"],
   "Resource": ["arn:aws:s3:::$BUCKET/*"]}
]}
POLICY
mc --quiet admin policy create server "$BUCKET" /tmp/policy.json
# The key comes by standard input: arguments can be seen by others.
printf '%s\\n%s\\n' "$USER_ACCESS_KEY_ID" "$USER_SECRET_ACCESS_KEY" | mc --quiet admin user add server
if ! message=$(mc --quiet admin policy attach server "$BUCKET" --user "$USER_ACCESS_KEY_ID" 2>&1); then
  case $message in
    *"already in effect"*) ;;
    *)
      printf '%s\\n' "$message" >&2
      exit 1
      ;;
  esac
fi
`;
