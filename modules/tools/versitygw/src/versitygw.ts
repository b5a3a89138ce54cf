import {
  MountPath,
  text,
  type ContainerPlatform,
  type Endpoint,
  type ObjectStore,
  type Platform,
  type Resources,
  type Secret,
} from '@mlterra/core';
import { runS3Server, ServedBucket } from '@mlterra/s3';
import { Construct } from 'constructs';
import { CREATE_PATH, CREATE_SCRIPT } from './bucket-script';
import { START_PATH, START_SCRIPT, VOLUME_PATH } from './start-script';
import { VERSITYGW_IMAGE } from './versions';

export interface VersitygwProps {
  /** Where the server runs. */
  readonly platform: Platform;
  /** Port the server listens on. @default 7070 */
  readonly port?: number;
  /** Size of the volume with the objects. @default 20 */
  readonly diskSizeGiB?: number;
  /** @default - 250 mCPU and 256 MiB; where the profile asks for high availability, 1000 mCPU and 1024 MiB */
  readonly resources?: Resources;
  /** Name in the list of services. @default "versitygw" */
  readonly serviceName?: string;
}

/** Clients sign with it; it is no place. */
const REGION = 'us-east-1';

/** Path that answers while the server runs; no bucket can have this name. */
const HEALTH_PATH = '/_health';

const SMALL: Resources = { cpuMillis: 250, memoryMiB: 256 };
const LARGE: Resources = { cpuMillis: 1000, memoryMiB: 1024 };

/** An S3-compatible server that keeps objects as files on a volume, with a bucket and a key for each tool that asks. */
export class Versitygw extends Construct {
  /** Where the server answers; address buckets in the path. */
  public readonly endpoint: Endpoint;
  public readonly region = REGION;
  /** Access key of the administrator, for people; tools have keys of their own. */
  public readonly administrator = 'admin';
  public readonly administratorKey: Secret;
  private readonly platform: ContainerPlatform;

  public constructor(scope: Construct, id: string, props: VersitygwProps) {
    super(scope, id);
    const { port = 7070 } = props;
    const server = runS3Server(
      this,
      {
        title: 'versitygw',
        code: 'versitygw',
        image: VERSITYGW_IMAGE,
        administrator: this.administrator,
        volumePath: VOLUME_PATH,
        healthPath: HEALTH_PATH,
        resources: { small: SMALL, large: LARGE },
        start: (listenAddress, administratorKey) => ({
          command: [
            'sh',
            new MountPath(START_PATH),
            ...['--port', `${listenAddress}:${port}`],
            ...['--region', REGION],
            ...['--health', HEALTH_PATH],
            '--quiet',
          ],
          variables: {
            ROOT_ACCESS_KEY_ID: this.administrator,
            ROOT_SECRET_ACCESS_KEY: administratorKey,
          },
          files: { [START_PATH]: START_SCRIPT },
        }),
      },
      { ...props, port, serviceName: props.serviceName ?? 'versitygw' },
    );
    this.platform = server.platform;
    this.endpoint = server.endpoint;
    this.administratorKey = server.administratorKey;
  }

  /** Makes a bucket, and a user that has it and nothing else, in the stack of `scope`. The bucket is kept when the construct goes. */
  public addObjectStore(scope: Construct, id: string): ObjectStore {
    return new ServedBucket(scope, id, {
      platform: this.platform,
      endpoint: this.endpoint,
      region: this.region,
      task: {
        image: VERSITYGW_IMAGE,
        script: { path: CREATE_PATH, text: CREATE_SCRIPT },
        variables: {
          ADMIN_ENDPOINT_URL: text`http://${this.endpoint.host}:${this.endpoint.port}`,
          ADMIN_REGION: this.region,
          ADMIN_ACCESS_KEY_ID: this.administrator,
          ADMIN_SECRET_ACCESS_KEY: this.administratorKey,
        },
      },
    });
  }
}
