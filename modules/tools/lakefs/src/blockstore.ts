import { valueParts, type ObjectStoreAccess, type Value } from '@mlterra/core';
import { storeUnknown } from './errors';

/**
 * Variables by which lakeFS reaches the store. Clients of lakeFS need not reach it, so no addresses of objects in a server
 * of one's own are handed out.
 * @param path path of the construct, for messages
 */
export function blockstore(path: string, access: ObjectStoreAccess): Readonly<Record<string, Value>> {
  const { s3, uri, variables } = access;
  const common = { ...variables, LAKEFS_BLOCKSTORE_DEFAULT_NAMESPACE_PREFIX: uri };
  if (s3 !== undefined) {
    return {
      ...common,
      LAKEFS_BLOCKSTORE_TYPE: 's3',
      LAKEFS_BLOCKSTORE_S3_ENDPOINT: s3.endpoint,
      LAKEFS_BLOCKSTORE_S3_REGION: s3.region,
      LAKEFS_BLOCKSTORE_S3_FORCE_PATH_STYLE: 'true',
      LAKEFS_BLOCKSTORE_S3_DISCOVER_BUCKET_REGION: 'false',
      LAKEFS_BLOCKSTORE_S3_CREDENTIALS_ACCESS_KEY_ID: s3.accessKeyId,
      LAKEFS_BLOCKSTORE_S3_CREDENTIALS_SECRET_ACCESS_KEY: s3.secretAccessKey,
      LAKEFS_BLOCKSTORE_S3_DISABLE_PRE_SIGNED: 'true',
      LAKEFS_BLOCKSTORE_S3_DISABLE_PRE_SIGNED_UI: 'true',
    };
  }
  return { ...common, LAKEFS_BLOCKSTORE_TYPE: typeOf(path, uri) };
}

/** Stores of a cloud that the identity of the workload opens. */
const TYPES: Readonly<Record<string, string>> = { 's3:': 's3', 'gs:': 'gs' };

function typeOf(path: string, uri: Value): string {
  const [first] = valueParts(uri);
  const scheme = typeof first === 'string' ? /^[a-z0-9]+:/.exec(first)?.[0] : undefined;
  const type = scheme === undefined ? undefined : TYPES[scheme];
  if (type === undefined) throw storeUnknown(path, scheme ?? 'nothing that is known before the apply');
  return type;
}
