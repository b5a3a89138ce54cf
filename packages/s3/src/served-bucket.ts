import {
  exportOutputs,
  MountPath,
  shortenName,
  Stack,
  text,
  workloadName,
  type ContainerPlatform,
  type Endpoint,
  type ObjectStore,
  type ObjectStoreAccess,
  type Value,
} from '@mlterra/core';
import { Construct } from 'constructs';

/** An S3-compatible server that a tool runs. */
export interface S3Server {
  readonly platform: ContainerPlatform;
  /** Where it answers, without TLS. */
  readonly endpoint: Endpoint;
  /** What clients sign with. */
  readonly region: string;
  readonly task: BucketTask;
  /** Access key of the user of a bucket, for servers that do not take every name. @default - the name of the bucket */
  readonly accessKeyOf?: (bucket: string) => string;
}

/**
 * How a bucket and its user are made. The script finds the bucket in `BUCKET`, the user in `USER_ACCESS_KEY_ID` and
 * `USER_SECRET_ACCESS_KEY`, and in `WAIT_SECONDS` how long the server may take to answer; it changes nothing when both
 * are there.
 */
export interface BucketTask {
  readonly image: string;
  /** @default - the platform's */
  readonly userId?: number;
  /** Absolute path of the script in the container, and its text for `sh`. */
  readonly script: { readonly path: string; readonly text: string };
  /** Variables by which it logs in as the administrator, and whatever else it needs. */
  readonly variables: Readonly<Record<string, Value>>;
}

/** The longest that S3 allows. */
const MAX_NAME_LENGTH = 63;

/** How long a server may take to start, and the platform to give up on the task after that. */
const WAIT_SECONDS = 180;
const TIMEOUT_SECONDS = 240;

/** A bucket and the user that it belongs to, made by a task. Whoever is granted it gets the key of that user. */
export class ServedBucket extends Construct implements ObjectStore {
  private readonly access: ObjectStoreAccess;

  public constructor(scope: Construct, id: string, server: S3Server) {
    super(scope, id);
    const { platform, region, task, accessKeyOf = (bucket) => bucket } = server;
    const { peers, host, port } = server.endpoint;
    const { stage, stack } = Stack.ofConstruct(this).stackKey;
    const name = shortenName(`${stage}-${stack}-${workloadName(this)}`, MAX_NAME_LENGTH);
    const secretAccessKey = platform.generateSecret(this, 'Key', { length: 40 });
    platform.runTask(this, 'Resource', {
      image: task.image,
      ...(task.userId === undefined ? {} : { userId: task.userId }),
      command: ['sh', new MountPath(task.script.path)],
      variables: {
        ...task.variables,
        USER_ACCESS_KEY_ID: accessKeyOf(name),
        USER_SECRET_ACCESS_KEY: secretAccessKey,
        BUCKET: name,
        WAIT_SECONDS: String(WAIT_SECONDS),
      },
      files: { [task.script.path]: task.script.text },
      timeoutSeconds: TIMEOUT_SECONDS,
      connectsTo: peers,
    });
    const { bucket, accessKeyId } = exportOutputs(this, { bucket: name, accessKeyId: accessKeyOf(name) });
    const endpoint = text`http://${host}:${port}`;
    this.access = {
      uri: text`s3://${bucket}`,
      variables: {
        AWS_ENDPOINT_URL_S3: endpoint,
        AWS_REGION: region,
        AWS_ACCESS_KEY_ID: accessKeyId,
        AWS_SECRET_ACCESS_KEY: secretAccessKey,
      },
      s3: { endpoint, region, bucket, accessKeyId, secretAccessKey },
      peers,
    };
  }

  public grantReadWrite(): ObjectStoreAccess {
    return this.access;
  }
}
