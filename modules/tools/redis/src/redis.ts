import { catalogue, imageName } from '@mlterra/catalogue';
import {
  exportService,
  MountPath,
  runsContainers,
  Stack,
  text,
  Text,
  type Endpoint,
  type Peer,
  type Platform,
  type RedisCache,
  type Resources,
  type Secret,
  type StackOutput,
} from '@mlterra/core';
import { Construct } from 'constructs';
import { CONFIG_PATH, configFile, DATA_PATH, type Eviction } from './config-file';
import { databaseInvalid, memoryInvalid, platformWithoutImages, portInvalid } from './errors';

export interface RedisProps {
  /** Where the server runs. */
  readonly platform: Platform;
  /** Port the server listens on. @default 6379 */
  readonly port?: number;
  /**
   * What goes when the memory is full: for a cache the keys used least, for queues and sessions nothing, so that
   * writes fail instead.
   * @default "allkeys-lru"
   */
  readonly eviction?: Eviction;
  /**
   * Size of a volume on which every write is kept, for what must outlive a restart.
   * @default - nothing is kept: it is a cache
   */
  readonly diskSizeGiB?: number;
  /**
   * What its container gets; three quarters of the memory are for data, half of it with a volume, as writing it anew
   * takes a copy.
   * @default - 100 mCPU and 256 MiB; where the profile asks for high availability, 500 mCPU and 1024 MiB
   */
  readonly resources?: Resources;
  /** Name in the list of services. @default "redis" */
  readonly serviceName?: string;
}

const SMALL: Resources = { cpuMillis: 100, memoryMiB: 256 };
const LARGE: Resources = { cpuMillis: 500, memoryMiB: 1024 };
const LEAST_MEMORY_MIB = 64;

/** Numbered databases, as many as the protocol's servers have by default. */
const DATABASES = 16;

/** A server with a volume reads all of it before it answers. */
const START_SECONDS = 180;

/** One server that speaks the protocol of Redis: Valkey, the fork that stayed free software. */
export class Redis extends Construct implements RedisCache {
  /** Where the server answers. */
  public readonly endpoint: Endpoint;
  public readonly password: Secret;
  public readonly host: StackOutput;
  public readonly port: StackOutput;
  public readonly peers: readonly Peer[];

  public constructor(scope: Construct, id: string, props: RedisProps) {
    super(scope, id);
    const { platform, port = 6379, diskSizeGiB } = props;
    const { path } = this.node;
    if (!runsContainers(platform)) throw platformWithoutImages(path, platform.platformKind);
    if (!Number.isInteger(port) || port < 1024 || port > 65_535) throw portInvalid(path, port);
    const { profile } = Stack.ofConstruct(this);
    const resources = props.resources ?? (profile.highAvailability ? LARGE : SMALL);
    if (!(resources.memoryMiB >= LEAST_MEMORY_MIB)) throw memoryInvalid(path, resources.memoryMiB);

    this.password = platform.generateSecret(this, 'Password');
    const { endpoints } = platform.run(this, 'Resource', {
      containers: {
        server: {
          image: imageName(catalogue.valkey.images.server),
          command: ['valkey-server', new MountPath(CONFIG_PATH)],
          // The client in the image, which the probe asks with, logs in with it.
          variables: { REDISCLI_AUTH: this.password },
          files: {
            [CONFIG_PATH]: configFile({
              bind: platform.listenAddress,
              port,
              password: this.password,
              memoryMiB: resources.memoryMiB,
              eviction: props.eviction ?? 'allkeys-lru',
              persistent: diskSizeGiB !== undefined,
            }),
          },
          ...(diskSizeGiB === undefined
            ? {}
            : { volumes: { [DATA_PATH]: { name: 'data', sizeGiB: diskSizeGiB } } }),
          ports: { redis: { port, protocol: 'tcp' } },
          probe: {
            port: 'redis',
            command: ['valkey-cli', '-e', '-h', '127.0.0.1', '-p', String(port), 'ping'],
            startSeconds: START_SECONDS,
          },
          resources,
        },
      },
    });
    const { host, port: outsidePort, peers, outsideUrl } = endpoints['server.redis']!;
    this.endpoint = {
      host,
      port: outsidePort,
      peers,
      url: text`redis://${host}:${outsidePort}`,
      ...(outsideUrl === undefined ? {} : { outsideUrl: withScheme(outsideUrl) }),
    };
    this.host = host;
    this.port = outsidePort;
    this.peers = peers;
    exportService(this, {
      name: props.serviceName ?? 'redis',
      url: this.endpoint.outsideUrl ?? this.endpoint.url,
      username: 'default',
      password: this.password,
    });
  }

  public url(database = 0): Text {
    if (!Number.isInteger(database) || database < 0 || database >= DATABASES) {
      throw databaseInvalid(this.node.path, database, DATABASES);
    }
    return text`redis://:${this.password}@${this.host}:${this.port}/${database}`;
  }
}

/** A URL that platforms write as `tcp://…`. */
function withScheme({ parts: [first, ...rest] }: Text): Text {
  return new Text(
    typeof first === 'string' ? [first.replace(/^tcp\b/, 'redis'), ...rest] : [first!, ...rest],
  );
}
