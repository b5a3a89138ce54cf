import { catalogue, imageName } from '@mlterra/catalogue';
import {
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
import { accessKeyOf } from './access-key';
import { CREATE_PATH, CREATE_SCRIPT } from './bucket-script';

export interface SeaweedfsProps {
  /** Where the server runs. */
  readonly platform: Platform;
  /** Port of the S3 interface. @default 8333 */
  readonly port?: number;
  /** Size of the volume with the objects. @default 20 */
  readonly diskSizeGiB?: number;
  /** @default - 250 mCPU and 512 MiB; where the profile asks for high availability, 1000 mCPU and 2048 MiB */
  readonly resources?: Resources;
  /** Image, on a registry that can be reached, with `weed` and `curl` in it. @default - SeaweedFS's own */
  readonly image?: string;
  /** Name in the list of services. @default "seaweedfs" */
  readonly serviceName?: string;
}

/** Clients sign with it; it is no place. */
const REGION = 'us-east-1';
const VOLUME_PATH = '/data';
const HEALTH_PATH = '/healthz';

/** Its parts talk to each other without asking who is there, so that they do it inside the container only. */
const LOOPBACK = '127.0.0.1';

/** Files that hold the objects grow to this size. */
const VOLUME_SIZE_MB = 1024;

const SMALL: Resources = { cpuMillis: 250, memoryMiB: 512 };
const LARGE: Resources = { cpuMillis: 1000, memoryMiB: 2048 };

/** A SeaweedFS server that keeps objects on a volume, with a bucket and a key for each tool that asks. */
export class Seaweedfs extends Construct {
  /** Where the S3 interface answers; address buckets in the path. */
  public readonly endpoint: Endpoint;
  public readonly region = REGION;
  /** Access key of the administrator, for people; tools have keys of their own. */
  public readonly administrator = 'mlterraadmin';
  public readonly administratorKey: Secret;
  private readonly platform: ContainerPlatform;
  private readonly image: string;

  public constructor(scope: Construct, id: string, props: SeaweedfsProps) {
    super(scope, id);
    const { port = 8333 } = props;
    this.image = props.image ?? imageName(catalogue.seaweedfs.images.server);
    const server = runS3Server(
      this,
      {
        title: 'SeaweedFS',
        code: 'seaweedfs',
        image: this.image,
        administrator: this.administrator,
        volumePath: VOLUME_PATH,
        healthPath: HEALTH_PATH,
        resources: { small: SMALL, large: LARGE },
        stopGraceSeconds: 60,
        start: (listenAddress, administratorKey) => ({
          command: [
            ...['weed', '-logtostderr=true', 'server'],
            `-dir=${VOLUME_PATH}`,
            ...[`-ip=${LOOPBACK}`, `-ip.bind=${LOOPBACK}`],
            '-filer',
            '-s3',
            `-s3.ip.bind=${listenAddress}`,
            `-s3.port=${port}`,
            // Users are made by the interface for them, at the same port.
            '-s3.iam.readOnly=false',
            '-s3.autoCreateBucket=false',
            ...['-s3.port.iceberg=0', '-s3.port.lance=0'],
            `-master.volumeSizeLimitMB=${VOLUME_SIZE_MB}`,
            '-master.telemetry=false',
            '-volume.max=0',
          ],
          variables: {
            AWS_ACCESS_KEY_ID: this.administrator,
            AWS_SECRET_ACCESS_KEY: administratorKey,
          },
        }),
      },
      { ...props, port, serviceName: props.serviceName ?? 'seaweedfs' },
    );
    this.platform = server.platform;
    this.endpoint = server.endpoint;
    this.administratorKey = server.administratorKey;
  }

  /** Makes a bucket, and a user that has it and nothing else, in the stack of `scope`. The bucket is kept when the construct goes. */
  public addObjectStore(scope: Construct, id: string): ObjectStore {
    const { host, port } = this.endpoint;
    return new ServedBucket(scope, id, {
      platform: this.platform,
      endpoint: this.endpoint,
      region: this.region,
      accessKeyOf,
      task: {
        image: this.image,
        script: { path: CREATE_PATH, text: CREATE_SCRIPT },
        variables: {
          ADMIN_ENDPOINT_URL: text`http://${host}:${port}`,
          ADMIN_REGION: this.region,
          ADMIN_ACCESS_KEY_ID: this.administrator,
          ADMIN_SECRET_ACCESS_KEY: this.administratorKey,
        },
      },
    });
  }
}
