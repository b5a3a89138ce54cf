import type { Construct } from 'constructs';
import type { StackOutput } from '../outputs';
import type { Secret, Text } from '../value';
import type { Peer } from './peer';

/** A PostgreSQL server, whoever runs it. */
export interface PostgresDatabase {
  /** Major version, e.g. 18. */
  readonly majorVersion: number;
  /**
   * Makes a database and a user that owns it and nothing else, in the stack of `scope`. Idempotent by name;
   * the database is kept when the construct goes.
   */
  addDatabase(scope: Construct, id: string, props: PostgresDatabaseProps): PostgresLogin;
}

export interface PostgresDatabaseProps {
  /** Name of the database and of its user: a lower-case letter, then letters, digits or underscores; at most 63. */
  readonly name: string;
}

/** How to reach one database as its owner. */
export interface PostgresLogin {
  readonly host: StackOutput;
  readonly port: StackOutput;
  readonly database: string;
  readonly user: string;
  readonly password: Secret;
  /**
   * Connection URL.
   * @param scheme e.g. `postgresql+psycopg2` for SQLAlchemy; default `postgresql`
   */
  url(scheme?: string): Text;
  /** What its clients connect to. */
  readonly peers: readonly Peer[];
}
