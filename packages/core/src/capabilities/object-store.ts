import type { StackOutput } from '../outputs';
import type { Secret, Text, Value } from '../value';
import type { Identity } from './identity';
import type { Peer } from './peer';

/** A place for objects: a bucket, or a folder on a host. */
export interface ObjectStore {
  /** Lets a workload read, write and delete objects, and says how it reaches them. */
  grantReadWrite(grantee: Identity): ObjectStoreAccess;
}

export interface ObjectStoreAccess {
  /** `s3://bucket/prefix`, `file:///…`, as MLflow and most clients read it. */
  readonly uri: Value;
  /** Variables the client needs, e.g. the endpoint and key of an S3-compatible server. */
  readonly variables: Readonly<Record<string, Value>>;
  /** For clients that want the parts of it. @default - it is no S3-compatible server with keys of its own */
  readonly s3?: S3Access;
  /** What its clients connect to. */
  readonly peers: readonly Peer[];
}

/** How to reach one bucket of an S3-compatible server. Buckets are addressed in the path. */
export interface S3Access {
  /** URL of the server. */
  readonly endpoint: Text;
  readonly region: string;
  readonly bucket: StackOutput;
  readonly accessKeyId: StackOutput;
  readonly secretAccessKey: Secret;
}
