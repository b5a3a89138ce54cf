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
import { Annotations } from 'cdktf';
import { Construct } from 'constructs';
import { CREATE_PATH, CREATE_SCRIPT } from './bucket-script';
import { archivedNotAccepted } from './errors';

export interface MinioProps {
  /** Where the server runs. */
  readonly platform: Platform;
  /** Says that you know that nobody mends it any more: upstream is archived. There is no default. */
  readonly acceptArchivedUpstream: true;
  /** Port the server listens on. @default 9000 */
  readonly port?: number;
  /** Size of the volume with the objects. @default 20 */
  readonly diskSizeGiB?: number;
  /** @default - 250 mCPU and 512 MiB; where the profile asks for high availability, 1000 mCPU and 2048 MiB */
  readonly resources?: Resources;
  /** Image, e.g. of a fork that is kept, with `mc` in it. @default - the last one of upstream */
  readonly image?: string;
  /** Name in the list of services. @default "minio" */
  readonly serviceName?: string;
}

/** Clients sign with it; it is no place. */
const REGION = 'us-east-1';
const VOLUME_PATH = '/data';
const HEALTH_PATH = '/minio/health/live';

const SMALL: Resources = { cpuMillis: 250, memoryMiB: 512 };
const LARGE: Resources = { cpuMillis: 1000, memoryMiB: 2048 };

/** A MinIO server with its objects on a volume, and a bucket and a key for each tool that asks. Upstream is archived. */
export class Minio extends Construct {
  /** Where the server answers; address buckets in the path. */
  public readonly endpoint: Endpoint;
  public readonly region = REGION;
  /** Access key of the administrator, for people; tools have keys of their own. */
  public readonly administrator = 'admin';
  public readonly administratorKey: Secret;
  private readonly platform: ContainerPlatform;
  private readonly image: string;

  public constructor(scope: Construct, id: string, props: MinioProps) {
    super(scope, id);
    const { port = 9000 } = props;
    const { path } = this.node;
    const { caution, version } = catalogue.minio;
    if (!props.acceptArchivedUpstream) throw archivedNotAccepted(path, caution);
    Annotations.of(this).addWarning(`MinIO ${version} is archived upstream. ${caution}`);
    this.image = props.image ?? imageName(catalogue.minio.images.server);
    const server = runS3Server(
      this,
      {
        title: 'MinIO',
        code: 'minio',
        image: this.image,
        administrator: this.administrator,
        volumePath: VOLUME_PATH,
        healthPath: HEALTH_PATH,
        resources: { small: SMALL, large: LARGE },
        start: (listenAddress, administratorKey) => ({
          command: ['minio', 'server', VOLUME_PATH, '--address', `${listenAddress}:${port}`, '--quiet'],
          variables: {
            MINIO_ROOT_USER: this.administrator,
            MINIO_ROOT_PASSWORD: administratorKey,
            MINIO_REGION: REGION,
            // Its pages would be a second door; what they can do, its client can.
            MINIO_BROWSER: 'off',
            MINIO_UPDATE: 'off',
            HOME: '/tmp',
          },
        }),
      },
      { ...props, port, serviceName: props.serviceName ?? 'minio' },
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
      task: {
        image: this.image,
        script: { path: CREATE_PATH, text: CREATE_SCRIPT },
        variables: {
          MC_HOST_server: text`http://${this.administrator}:${this.administratorKey}@${host}:${port}`,
          MC_CONFIG_DIR: '/tmp/mc',
          HOME: '/tmp',
        },
      },
    });
  }
}
