import {
  exportService,
  runsContainers,
  Stack,
  type Endpoint,
  type HttpGateway,
  type ObjectStore,
  type Platform,
  type PostgresDatabase,
  type Secret,
} from '@mlterra/core';
import { Construct } from 'constructs';
import { blockstore } from './blockstore';
import { databaseNameInvalid, halfGateway, platformWithoutImages, portInvalid } from './errors';
import { LAKEFS_IMAGE } from './versions';

export interface LakefsProps {
  /** Where the server runs. */
  readonly platform: Platform;
  /** Server for the database with branches, commits and users. */
  readonly database: PostgresDatabase;
  /** Where the versioned objects are kept. */
  readonly objects: ObjectStore;
  /** Port the server listens on, for its API, its pages and its S3 gateway. @default 8000 */
  readonly port?: number;
  /** Way in from outside of the platform, with `hostname`. @default - the platform's own, if any */
  readonly gateway?: HttpGateway;
  /** Name that `gateway` serves, e.g. `lakefs.example.org`. */
  readonly hostname?: string;
  /** Image, on a registry that can be reached. @default - lakeFS's own */
  readonly image?: string;
  /** Name of the database. @default - `<construct id>_<stage>` */
  readonly databaseName?: string;
  /** Name in the list of services. @default "lakefs" */
  readonly serviceName?: string;
}

const DATABASE_NAME = /^[a-z][a-z0-9_]{0,62}$/;

/** What is read of committed objects' lists is kept in the temporary folder, which counts as memory on some platforms. */
const CACHE_BYTES = 128 * 1024 * 1024;

/** A lakeFS server: branches and commits over an object store. */
export class Lakefs extends Construct {
  public readonly endpoint: Endpoint;
  /** Access key of the administrator, whom the first start on an empty database makes. */
  public readonly accessKeyId = 'LAKEFSADMIN';
  public readonly secretAccessKey: Secret;

  public constructor(scope: Construct, id: string, props: LakefsProps) {
    super(scope, id);
    const { platform, port = 8000 } = props;
    const { path } = this.node;
    const { profile, stackKey } = Stack.ofConstruct(this);
    if (!runsContainers(platform)) throw platformWithoutImages(path, platform.platformKind);
    if (!Number.isInteger(port) || port < 1024 || port > 65_535) throw portInvalid(path, port);
    const { gateway, hostname } = props;
    if (gateway === undefined && hostname !== undefined) throw halfGateway(path, 'hostname');
    if (gateway !== undefined && hostname === undefined) throw halfGateway(path, 'gateway');
    const databaseName = props.databaseName ?? `${id}_${stackKey.stage}`.toLowerCase().replace(/-/g, '_');
    if (!DATABASE_NAME.test(databaseName)) throw databaseNameInvalid(path, databaseName);

    const database = props.database.addDatabase(this, 'Database', { name: databaseName });
    this.secretAccessKey = platform.generateSecret(this, 'AdminKey', { length: 40 });
    const encryptionKey = platform.generateSecret(this, 'EncryptionKey', { length: 64 });
    const signingKey = platform.generateSecret(this, 'SigningKey', { length: 64 });
    const identity = platform.addIdentity(this, 'Identity');
    const objects = props.objects.grantReadWrite(identity);

    const { endpoints } = platform.run(this, 'Resource', {
      identity,
      ...(platform.platformKind === 'kubernetes' ? { replicas: profile.replicas } : {}),
      connectsTo: [...database.peers, ...objects.peers],
      containers: {
        server: {
          image: props.image ?? LAKEFS_IMAGE,
          command: ['lakefs', 'run'],
          variables: {
            LAKEFS_LISTEN_ADDRESS: `${platform.listenAddress}:${port}`,
            LAKEFS_DATABASE_TYPE: 'postgres',
            LAKEFS_DATABASE_POSTGRES_CONNECTION_STRING: database.url('postgres'),
            LAKEFS_AUTH_ENCRYPT_SECRET_KEY: encryptionKey,
            LAKEFS_BLOCKSTORE_SIGNING_SECRET_KEY: signingKey,
            ...blockstore(path, objects),
            LAKEFS_COMMITTED_LOCAL_CACHE_DIR: '/tmp/lakefs-cache',
            LAKEFS_COMMITTED_LOCAL_CACHE_SIZE_BYTES: String(CACHE_BYTES),
            LAKEFS_INSTALLATION_USER_NAME: 'admin',
            LAKEFS_INSTALLATION_ACCESS_KEY_ID: this.accessKeyId,
            LAKEFS_INSTALLATION_SECRET_ACCESS_KEY: this.secretAccessKey,
            LAKEFS_STATS_ENABLED: 'false',
            LAKEFS_EMAIL_SUBSCRIPTION_ENABLED: 'false',
            LAKEFS_SECURITY_CHECK_LATEST_VERSION: 'false',
          },
          ports: { http: { port, protocol: 'http' } },
          probe: { port: 'http', httpPath: '/_health', startSeconds: 180 },
          resources: { cpuMillis: 250, memoryMiB: 768 },
        },
      },
    });
    this.endpoint = endpoints['server.http']!;
    const route =
      gateway && hostname !== undefined
        ? gateway.addRoute(this, 'Route', { hostname, endpoint: this.endpoint })
        : undefined;
    exportService(this, {
      name: props.serviceName ?? 'lakefs',
      url: route?.url ?? this.endpoint.outsideUrl ?? this.endpoint.url,
      username: this.accessKeyId,
      password: this.secretAccessKey,
    });
  }
}
