import {
  exportService,
  runsContainers,
  Stack,
  type Container,
  type ContainerPlatform,
  type Endpoint,
  type Platform,
  type Resources,
  type Secret,
} from '@mlterra/core';
import type { Construct } from 'constructs';
import { platformWithoutImages, portInvalid } from './errors';

/** What every server lets people say, with its own defaults. */
export interface S3ServerProps {
  readonly platform: Platform;
  readonly port: number;
  /** @default 20 */
  readonly diskSizeGiB?: number;
  /** @default - those of the program for the profile */
  readonly resources?: Resources;
  readonly serviceName: string;
}

/** A program that speaks S3 and keeps objects on a volume. */
export interface S3Program {
  /** What people call it. */
  readonly title: string;
  /** Beginning of the codes of errors. */
  readonly code: string;
  readonly image: string;
  /** Access key of the administrator. */
  readonly administrator: string;
  readonly volumePath: string;
  /** Path that answers without a key while it runs. */
  readonly healthPath: string;
  readonly resources: { readonly small: Resources; readonly large: Resources };
  readonly stopGraceSeconds?: number;
  /** How it is started. */
  start(listenAddress: string, administratorKey: Secret): Pick<Container, 'command' | 'variables' | 'files'>;
}

export interface RunningS3Server {
  readonly platform: ContainerPlatform;
  readonly endpoint: Endpoint;
  readonly administratorKey: Secret;
}

/** Runs a server as `Resource` of the construct that it is, makes its administrator's key, and announces it. */
export function runS3Server(owner: Construct, program: S3Program, props: S3ServerProps): RunningS3Server {
  const { platform, port } = props;
  const { path } = owner.node;
  if (!runsContainers(platform)) throw platformWithoutImages(path, program, platform.platformKind);
  if (!Number.isInteger(port) || port < 1024 || port > 65_535) throw portInvalid(path, program, port);
  const { profile } = Stack.ofConstruct(owner);
  const { small, large } = program.resources;
  const administratorKey = platform.generateSecret(owner, 'AdministratorKey', { length: 40 });
  const { endpoints } = platform.run(owner, 'Resource', {
    containers: {
      server: {
        image: program.image,
        ...program.start(platform.listenAddress, administratorKey),
        volumes: { [program.volumePath]: { name: 'data', sizeGiB: props.diskSizeGiB ?? 20 } },
        ports: { s3: { port, protocol: 'http' } },
        probe: { port: 's3', httpPath: program.healthPath },
        resources: props.resources ?? (profile.highAvailability ? large : small),
        ...(program.stopGraceSeconds === undefined ? {} : { stopGraceSeconds: program.stopGraceSeconds }),
      },
    },
  });
  const endpoint = endpoints['server.s3']!;
  exportService(owner, {
    name: props.serviceName,
    url: endpoint.outsideUrl ?? endpoint.url,
    username: program.administrator,
    password: administratorKey,
  });
  return { platform, endpoint, administratorKey };
}
