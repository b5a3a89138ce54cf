import {
  MountPath,
  Stack,
  text,
  Text,
  type ContainerPlatform,
  type Endpoint,
  type PostgresDatabaseProps,
  type PostgresLogin,
  type Resources,
  type Secret,
} from '@mlterra/core';
import { Construct } from 'constructs';
import { createDatabase } from './container-database';
import { portInvalid } from './errors';
import type { PostgresServer } from './postgresql';
import { RESTORE_PATH, RESTORE_SCRIPT } from './backup/restore-script';
import { cacheSettings, serverResources, SUPERUSER } from './server-settings';
import { PASSWORD_PATH, START_PATH, START_SCRIPT, VOLUME_PATH } from './start-script';
import { POSTGRESQL_IMAGE, POSTGRESQL_MAJOR_VERSION, POSTGRESQL_USER_ID } from './versions';

export interface ContainerServerProps {
  readonly platform: ContainerPlatform;
  readonly port: number;
  readonly diskSizeGiB: number;
  readonly resources?: Resources;
}

/** A shutdown writes a checkpoint; a start after a crash replays what the last one lacks. */
const STOP_GRACE_SECONDS = 120;
const START_SECONDS = 300;

/** A PostgreSQL server in a container, its data on a volume. */
export class ContainerServer extends Construct implements PostgresServer {
  public readonly majorVersion = POSTGRESQL_MAJOR_VERSION;
  public readonly endpoint: Endpoint;
  public readonly superuser = SUPERUSER;
  public readonly superuserPassword: Secret;
  private readonly platform: ContainerPlatform;

  public constructor(scope: Construct, id: string, props: ContainerServerProps) {
    super(scope, id);
    const { platform, port } = props;
    this.platform = platform;
    const { path } = this.node;
    if (!Number.isInteger(port) || port < 1024 || port > 65_535) throw portInvalid(path, port);
    const resources = serverResources(path, Stack.ofConstruct(this).profile, props.resources);

    this.superuserPassword = platform.generateSecret(this, 'Password');
    const { endpoints } = platform.run(this, 'Resource', {
      containers: {
        server: {
          image: POSTGRESQL_IMAGE,
          userId: POSTGRESQL_USER_ID,
          command: [
            'sh',
            new MountPath(START_PATH),
            new MountPath(PASSWORD_PATH),
            ...Object.entries(settings(platform.listenAddress, port, resources)).flatMap(([name, value]) => [
              '-c',
              `${name}=${value}`,
            ]),
          ],
          variables: {
            PGDATA: `${VOLUME_PATH}/${POSTGRESQL_MAJOR_VERSION}/docker`,
            PGUSER: SUPERUSER,
            PGPORT: String(port),
          },
          files: {
            [START_PATH]: START_SCRIPT,
            [RESTORE_PATH]: RESTORE_SCRIPT,
            [PASSWORD_PATH]: this.superuserPassword,
          },
          volumes: { [VOLUME_PATH]: { name: 'data', sizeGiB: props.diskSizeGiB } },
          ports: { postgres: { port, protocol: 'tcp' } },
          probe: {
            port: 'postgres',
            command: ['pg_isready', '--quiet', '--host=127.0.0.1', `--port=${port}`],
            startSeconds: START_SECONDS,
          },
          resources,
          stopGraceSeconds: STOP_GRACE_SECONDS,
        },
      },
    });
    this.endpoint = postgresEndpoint(endpoints['server.postgres']!);
  }

  public addDatabase(scope: Construct, id: string, props: PostgresDatabaseProps): PostgresLogin {
    return createDatabase(scope, id, {
      platform: this.platform,
      name: props.name,
      host: this.endpoint.host,
      port: this.endpoint.port,
      superuser: this.superuser,
      superuserPassword: this.superuserPassword,
      peers: this.endpoint.peers,
    });
  }
}

function settings(listenAddress: string, port: number, resources: Resources): Record<string, string> {
  return {
    listen_addresses: listenAddress,
    port: String(port),
    unix_socket_directories: '/tmp',
    password_encryption: 'scram-sha-256',
    ...cacheSettings(resources),
    timezone: 'UTC',
    log_timezone: 'UTC',
  };
}

/** The endpoint of a port, with the scheme of PostgreSQL instead of `tcp`. */
function postgresEndpoint({ host, port, outsideUrl, peers }: Endpoint): Endpoint {
  return {
    host,
    port,
    url: text`postgresql://${host}:${port}`,
    peers,
    ...(outsideUrl === undefined ? {} : { outsideUrl: withScheme(outsideUrl) }),
  };
}

function withScheme({ parts: [first, ...rest] }: Text): Text {
  return new Text(
    typeof first === 'string' ? [first.replace(/^tcp\b/, 'postgresql'), ...rest] : [first!, ...rest],
  );
}
