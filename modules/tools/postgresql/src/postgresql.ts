import {
  exportService,
  runsContainers,
  type Endpoint,
  type Host,
  type Platform,
  type PostgresDatabase,
  type PostgresDatabaseProps,
  type PostgresLogin,
  type Resources,
  type Secret,
} from '@mlterra/core';
import { Construct } from 'constructs';
import { Backups, type PostgresqlBackups } from './backup/backups';
import { ContainerServer } from './container-server';
import { backupsOnHost, platformWithoutPostgres } from './errors';

export interface PostgresqlProps {
  /** Where the server runs. */
  readonly platform: Platform;
  /** Port the server listens on. @default 5432 */
  readonly port?: number;
  /** Size of the volume with the data; a host has none, its data folder may fill the disk. @default 10 */
  readonly diskSizeGiB?: number;
  /**
   * What its container gets; a quarter of the memory is the server's own cache. A host sets no limits.
   * @default - 250 mCPU and 512 MiB; where the profile asks for high availability, 1000 mCPU and 2048 MiB
   */
  readonly resources?: Resources;
  /** Dumps of all databases into an object store; a host makes none. @default - none are made */
  readonly backups?: PostgresqlBackups;
  /** Name in the list of services. @default "postgresql" */
  readonly serviceName?: string;
}

const DISK_SIZE_GIB = 10;

/** What runs on a platform, and lets databases be made in it. */
export interface PostgresServer extends PostgresDatabase {
  readonly endpoint: Endpoint;
  readonly superuser: string;
  readonly superuserPassword: Secret;
}

/** A PostgreSQL server, and databases in it for the tools that ask. */
export class Postgresql extends Construct implements PostgresDatabase {
  public readonly majorVersion: number;
  /** Where the server answers. */
  public readonly endpoint: Endpoint;
  /** The administrator of the server, for people; tools log in as the owner of their database. */
  public readonly superuser: string;
  public readonly superuserPassword: Secret;
  private readonly server: PostgresServer;

  public constructor(scope: Construct, id: string, props: PostgresqlProps) {
    super(scope, id);
    this.server = startServer(this, 'Resource', props);
    this.majorVersion = this.server.majorVersion;
    this.endpoint = this.server.endpoint;
    this.superuser = this.server.superuser;
    this.superuserPassword = this.server.superuserPassword;
    const { platform, backups, diskSizeGiB = DISK_SIZE_GIB } = props;
    if (backups !== undefined && runsContainers(platform)) {
      const { endpoint, superuser, superuserPassword } = this;
      new Backups(this, 'Backup', { platform, endpoint, superuser, superuserPassword, diskSizeGiB, backups });
    }
    exportService(this, {
      name: props.serviceName ?? 'postgresql',
      url: this.endpoint.outsideUrl ?? this.endpoint.url,
      username: this.superuser,
      password: this.superuserPassword,
    });
  }

  /** Makes a database with an owner of its own, in the stack of `scope`. */
  public addDatabase(scope: Construct, id: string, props: PostgresDatabaseProps): PostgresLogin {
    return this.server.addDatabase(scope, id, props);
  }
}

function startServer(scope: Construct, id: string, props: PostgresqlProps): PostgresServer {
  const { platform, port = 5432, diskSizeGiB = DISK_SIZE_GIB, resources } = props;
  if (runsContainers(platform)) {
    return new ContainerServer(scope, id, { platform, port, diskSizeGiB, resources });
  }
  if (isHost(platform)) {
    if (props.backups !== undefined) throw backupsOnHost(scope.node.path);
    return platform.addPostgres(scope, id, { port });
  }
  throw platformWithoutPostgres(scope.node.path, platform.platformKind);
}

function isHost(platform: Platform): platform is Host {
  return platform.platformKind === 'host' && 'addPostgres' in platform;
}
