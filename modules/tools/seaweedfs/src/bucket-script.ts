/** Where the script is. */
export const CREATE_PATH = '/etc/mlterra/seaweedfs-create.sh';

/**
 * Makes the bucket `BUCKET` and the user of the same name, who may do everything with its objects and nothing else, by the
 * S3 and IAM interfaces at `ADMIN_ENDPOINT_URL`; the user gets the key `USER_ACCESS_KEY_ID` with `USER_SECRET_ACCESS_KEY`.
 * What is there stays; another secret of that key is replaced. Keys reach curl by standard input: arguments can be seen.
 */
export const CREATE_SCRIPT = `set -eu
answer=/tmp/answer.xml

# request <service> <user:secret> <arguments of curl>: prints the status; the body is in $answer.
request() {
  service=$1
  login=$2
  shift 2
  printf 'user = "%s"\\n' "$login" |
    curl --config - --silent --max-time 20 --output "$answer" --write-out '%{http_code}' \\
      --aws-sigv4 "aws:amz:$ADMIN_REGION:$service" "$@" || true
}

fail() {
  printf '%s: status %s: %s\\n' "$1" "$2" "$(head -c 400 "$answer" 2>/dev/null)" >&2
  exit 1
}

administrator="$ADMIN_ACCESS_KEY_ID:$ADMIN_SECRET_ACCESS_KEY"
user="$USER_ACCESS_KEY_ID:$USER_SECRET_ACCESS_KEY"

deadline=$(($(date +%s) + WAIT_SECONDS))
until status=$(request s3 "$administrator" "$ADMIN_ENDPOINT_URL/") && [ "$status" = 200 ]; do
  [ "$(date +%s)" -lt "$deadline" ] || fail 'the server does not let the administrator in' "$status"
  sleep 1
done

status=$(request s3 "$administrator" --request PUT "$ADMIN_ENDPOINT_URL/$BUCKET")
case $status in
  200) ;;
  409) grep -q BucketAlready "$answer" || fail "make the bucket $BUCKET" "$status" ;;
  *) fail "make the bucket $BUCKET" "$status" ;;
esac

# iam <action> <further fields>: the same as 409 where it is there already.
iam() {
  action=$1
  shift
  status=$(request iam "$administrator" --data "Action=$action&Version=2010-05-08&UserName=$BUCKET" "$@" "$ADMIN_ENDPOINT_URL/")
  case $status in
    200) return 0 ;;
    409) return 1 ;;
    *) fail "$action for $BUCKET" "$status" ;;
  esac
}

iam CreateUser || true
policy=$(printf '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:Get*","s3:Put*","s3:List*","s3:DeleteObject*","s3:AbortMultipartUpload"],"Resource":["arn:aws:s3:::%s","arn:aws:s3:::%s/*"]}]}' "$BUCKET" "$BUCKET")
iam PutUserPolicy --data PolicyName=bucket --data-urlencode "PolicyDocument=$policy" || fail "PutUserPolicy for $BUCKET" "$status"

printf '%s' "$USER_SECRET_ACCESS_KEY" >/tmp/secret
key="--data AccessKeyId=$USER_ACCESS_KEY_ID --data-urlencode SecretAccessKey@/tmp/secret"
if [ "$(request s3 "$user" "$ADMIN_ENDPOINT_URL/$BUCKET?list-type=2&max-keys=1")" != 200 ]; then
  if ! iam CreateAccessKey $key; then
    iam DeleteAccessKey --data "AccessKeyId=$USER_ACCESS_KEY_ID" || fail 'DeleteAccessKey' "$status"
    iam CreateAccessKey $key || fail "the key $USER_ACCESS_KEY_ID belongs to somebody else" "$status"
  fi
  until status=$(request s3 "$user" "$ADMIN_ENDPOINT_URL/$BUCKET?list-type=2&max-keys=1") && [ "$status" = 200 ]; do
    [ "$(date +%s)" -lt "$deadline" ] || fail "the user of $BUCKET is not let in" "$status"
    sleep 1
  done
fi
rm -f /tmp/secret "$answer"
`;
