import {
  MountPath,
  Stack,
  text,
  type ContainerPlatform,
  type Peer,
  type PostgresLogin,
  type Secret,
  type StackOutput,
} from '@mlterra/core';
import { Construct } from 'constructs';
import { CREATE_PATH, CREATE_SCRIPT, CREATE_SQL, SQL_PATH } from './database-script';
import { databaseNameInvalid } from './errors';
import { POSTGRESQL_IMAGE, POSTGRESQL_USER_ID } from './versions';

const NAME = /^(?!pg_)[a-z][a-z0-9_]{0,62}$/;

/** How long a server may take to start. */
const WAIT_SECONDS = 300;

/** How long the platform waits for a task after that. */
const EXTRA_SECONDS = 60;

export interface ContainerDatabaseProps {
  readonly platform: ContainerPlatform;
  readonly name: string;
  readonly host: StackOutput;
  readonly port: StackOutput;
  readonly superuser: string;
  readonly superuserPassword: Secret;
  /** What clients connect to. */
  readonly peers: readonly Peer[];
  /** Whether the server speaks TLS, and clients insist on it. @default false */
  readonly tls?: boolean;
  /** How long the server may take to start. @default 300 */
  readonly waitSeconds?: number;
}

/** Has a database and its owner made by a task, in the stack of `scope`. */
export function createDatabase(scope: Construct, id: string, props: ContainerDatabaseProps): PostgresLogin {
  const part = new Construct(scope, id);
  const { platform, name, host, port, waitSeconds = WAIT_SECONDS } = props;
  if (!NAME.test(name)) throw databaseNameInvalid(part.node.path, name);
  const password = platform.generateSecret(part, 'Password');
  platform.runTask(part, 'Resource', {
    image: POSTGRESQL_IMAGE,
    userId: POSTGRESQL_USER_ID,
    command: ['sh', new MountPath(CREATE_PATH), new MountPath(SQL_PATH)],
    variables: {
      PGHOST: host,
      PGPORT: port,
      PGUSER: props.superuser,
      PGPASSWORD: props.superuserPassword,
      PGDATABASE: 'postgres',
      PGCONNECT_TIMEOUT: '5',
      ...(props.tls ? { PGSSLMODE: 'require' } : {}),
      PGAPPNAME: 'mlterra',
      DATABASE_NAME: name,
      DATABASE_PASSWORD: password,
      DATABASE_MARK: `mlterra: ${Stack.ofConstruct(part).key}`,
      WAIT_SECONDS: String(waitSeconds),
    },
    files: { [CREATE_PATH]: CREATE_SCRIPT, [SQL_PATH]: CREATE_SQL },
    timeoutSeconds: waitSeconds + EXTRA_SECONDS,
    connectsTo: props.peers,
  });
  const query = props.tls ? '?sslmode=require' : '';
  return {
    host,
    port,
    database: name,
    user: name,
    password,
    peers: props.peers,
    url: (scheme = 'postgresql') => text`${scheme}://${name}:${password}@${host}:${port}/${name}${query}`,
  };
}
