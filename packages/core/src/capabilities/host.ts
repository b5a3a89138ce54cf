import type { Construct } from 'constructs';
import type { ObjectStore } from './object-store';
import type { Platform } from './platform';
import type { PostgresDatabase } from './postgres-database';

/** A machine that runs plain processes, without a container engine. */
export interface Host extends Platform {
  readonly platformKind: 'host';
  /** Runs a PostgreSQL server in the stack of `scope`. */
  addPostgres(scope: Construct, id: string, props: HostPostgresProps): PostgresDatabase;
  /** Keeps objects in a folder, in the stack of `scope`. */
  addObjectStore(scope: Construct, id: string): ObjectStore;
}

export interface HostPostgresProps {
  /** Port on loopback. */
  readonly port: number;
}
