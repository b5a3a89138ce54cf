import type { Construct } from 'constructs';
import type { ObjectStore } from './object-store';
import type { Secret } from '../value';
import type { Endpoint, Platform } from './platform';
import type { PostgresDatabase } from './postgres-database';

/** A machine that runs plain processes, without a container engine. */
export interface Host extends Platform {
  readonly platformKind: 'host';
  /** Runs a PostgreSQL server in the stack of `scope`. */
  addPostgres(scope: Construct, id: string, props: HostPostgresProps): HostPostgresServer;
  /** Keeps objects in a folder, in the stack of `scope`. */
  addObjectStore(scope: Construct, id: string): ObjectStore;
}

export interface HostPostgresProps {
  /** Port on loopback. */
  readonly port: number;
}

/** A PostgreSQL server that runs on a host. */
export interface HostPostgresServer extends PostgresDatabase {
  /** Where the server answers; its URL is `postgresql://<host>:<port>`. */
  readonly endpoint: Endpoint;
  /** The administrator of the server. Workloads log in as the owner of their own database instead. */
  readonly superuser: string;
  readonly superuserPassword: Secret;
}
