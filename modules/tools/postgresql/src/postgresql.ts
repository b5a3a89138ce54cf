import {
  exportService,
  type Endpoint,
  type Host,
  type HostPostgresServer,
  type PostgresDatabase,
  type PostgresDatabaseProps,
  type PostgresLogin,
  type Secret,
} from '@mlterra/core';
import { Construct } from 'constructs';

export interface PostgresqlProps {
  /** Where the server runs. */
  readonly platform: Host;
  /** Port the server listens on. @default 5432 */
  readonly port?: number;
  /** Name in the list of services. @default "postgresql" */
  readonly serviceName?: string;
}

/** A PostgreSQL server, and databases in it for the tools that ask. */
export class Postgresql extends Construct implements PostgresDatabase {
  public readonly majorVersion: number;
  public readonly endpoint: Endpoint;
  /** The administrator of the server, for people; tools log in as the owner of their database. */
  public readonly superuser: string;
  public readonly superuserPassword: Secret;
  private readonly server: HostPostgresServer;

  public constructor(scope: Construct, id: string, props: PostgresqlProps) {
    super(scope, id);
    this.server = props.platform.addPostgres(this, 'Resource', { port: props.port ?? 5432 });
    this.majorVersion = this.server.majorVersion;
    this.endpoint = this.server.endpoint;
    this.superuser = this.server.superuser;
    this.superuserPassword = this.server.superuserPassword;
    exportService(this, {
      name: props.serviceName ?? 'postgresql',
      url: this.endpoint.url,
      username: this.superuser,
      password: this.superuserPassword,
    });
  }

  /** Makes a database with an owner of its own, in the stack of `scope`. */
  public addDatabase(scope: Construct, id: string, props: PostgresDatabaseProps): PostgresLogin {
    return this.server.addDatabase(scope, id, props);
  }
}
