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
  type Secret,
} from '@mlterra/core';
import { Construct } from 'constructs';
import { CREATE_PATH, CREATE_SCRIPT } from './bucket-script';
import { VERSITYGW_IMAGE } from './versions';

export interface BucketProps {
  readonly platform: ContainerPlatform;
  readonly endpoint: Endpoint;
  readonly region: string;
  readonly administrator: string;
  readonly administratorKey: Secret;
}

/** The longest that S3 allows. */
const MAX_NAME_LENGTH = 63;

/** How long a server may take to start, and the platform to give up on the task after that. */
const WAIT_SECONDS = 180;
const TIMEOUT_SECONDS = 240;

/** A bucket and the user that it belongs to, made by a task. Whoever is granted it gets the key of that user. */
export class Bucket extends Construct implements ObjectStore {
  private readonly access: ObjectStoreAccess;

  public constructor(scope: Construct, id: string, props: BucketProps) {
    super(scope, id);
    const { platform, region } = props;
    const { stage, stack } = Stack.ofConstruct(this).stackKey;
    const name = shortenName(`${stage}-${stack}-${workloadName(this)}`, MAX_NAME_LENGTH);
    const secretAccessKey = platform.generateSecret(this, 'Key', { length: 40 });
    const endpoint = text`http://${props.endpoint.host}:${props.endpoint.port}`;
    platform.runTask(this, 'Resource', {
      image: VERSITYGW_IMAGE,
      command: ['sh', new MountPath(CREATE_PATH)],
      variables: {
        ADMIN_ENDPOINT_URL: endpoint,
        ADMIN_REGION: region,
        ADMIN_ACCESS_KEY_ID: props.administrator,
        ADMIN_SECRET_ACCESS_KEY: props.administratorKey,
        USER_ACCESS_KEY_ID: name,
        USER_SECRET_ACCESS_KEY: secretAccessKey,
        BUCKET: name,
        WAIT_SECONDS: String(WAIT_SECONDS),
      },
      files: { [CREATE_PATH]: CREATE_SCRIPT },
      timeoutSeconds: TIMEOUT_SECONDS,
      connectsTo: props.endpoint.peers,
    });
    const { bucket, accessKeyId } = exportOutputs(this, { bucket: name, accessKeyId: name });
    this.access = {
      uri: text`s3://${bucket}`,
      variables: {
        AWS_ENDPOINT_URL_S3: endpoint,
        AWS_REGION: region,
        AWS_ACCESS_KEY_ID: accessKeyId,
        AWS_SECRET_ACCESS_KEY: secretAccessKey,
      },
      s3: { endpoint, region, bucket, accessKeyId, secretAccessKey },
      peers: props.endpoint.peers,
    };
  }

  public grantReadWrite(): ObjectStoreAccess {
    return this.access;
  }
}
