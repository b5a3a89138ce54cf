import { setTimeout as sleep } from 'node:timers/promises';
import { MlterraError } from '@mlterra/core/errors';
import type { Client, ClientConfig } from 'pg';
import { databaseOwned, databaseUnreachable } from '../errors';
import type { DesiredDatabase } from '../spec';
import type { DataFolder } from './data-folder';
import { strangerOn } from './port-holder';
import { readSecret } from './secret-file';

/** The client, loaded by the caller: later it may be out of reach. */
export type PostgresClient = new (config: ClientConfig) => Client;

const WAIT_SECONDS = 30;
const QUERY_MILLISECONDS = 60_000;
const FAREWELL_MILLISECONDS = 5_000;

/** A server that does not even listen is not about to. */
const WAIT_SECONDS_UNHEARD = 5;

/** What a server answers while it starts or stops. */
const CANNOT_CONNECT_NOW = '57P03';
const DUPLICATE_DATABASE = ['42P04', '23505'];

/** Whether a server lets its superuser in; a port that is open is not enough. */
export async function askServer(
  PostgresClient: PostgresClient,
  login: Pick<ClientConfig, 'port' | 'user' | 'password'>,
): Promise<string | undefined> {
  try {
    const client = await connect(PostgresClient, { ...login, host: '127.0.0.1' });
    await close(client);
    return undefined;
  } catch (error) {
    return `does not let its superuser in (${(error as Error).message})`;
  }
}

/** Makes databases and their owners, unless they are there. Nothing is ever dropped. */
export async function ensureDatabases(
  PostgresClient: PostgresClient,
  data: DataFolder,
  stack: string,
  databases: readonly DesiredDatabase[],
): Promise<void> {
  for (const database of databases) {
    const client = await reach(PostgresClient, data, database);
    try {
      await ensureDatabase(client, database.name, readSecret(data, database.password), stack);
    } catch (error) {
      if (MlterraError.is(error)) throw error;
      throw databaseUnreachable(database.name, database.host, database.port, (error as Error).message);
    } finally {
      await close(client);
    }
  }
}

async function ensureDatabase(client: Client, name: string, password: string, stack: string): Promise<void> {
  // A statement with a password in it must not get into the server's log.
  await client.query("SET log_statement = 'none'");
  await client.query("SET log_min_error_statement = 'panic'");
  await client.query('SET log_min_duration_statement = -1');
  const role = client.escapeIdentifier(name);
  const owned = `mlterra: ${stack}`;
  const found = await client.query<{ owner: string | null }>(
    "SELECT shobj_description(oid, 'pg_authid') AS owner FROM pg_roles WHERE rolname = $1",
    [name],
  );
  const owner = found.rows[0]?.owner;
  if (found.rows.length > 0 && owner !== owned) {
    throw databaseOwned(name, owner?.replace(/^mlterra: /, 'the stack ') ?? 'someone else', stack);
  }
  const attributes = 'LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS';
  const secret = `PASSWORD ${client.escapeLiteral(password)}`;
  if (found.rows.length === 0) {
    // One transaction: a role without its mark would belong to nobody.
    await client.query('BEGIN');
    await client.query(`CREATE ROLE ${role} ${attributes} ${secret}`);
    await client.query(`COMMENT ON ROLE ${role} IS ${client.escapeLiteral(owned)}`);
    await client.query('COMMIT');
  } else {
    await client.query(`ALTER ROLE ${role} ${attributes} ${secret}`);
  }
  const exists = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
  if (exists.rows.length === 0) {
    await client.query(`CREATE DATABASE ${role} OWNER ${role}`).catch((error: { code?: string }) => {
      if (!DUPLICATE_DATABASE.includes(error.code ?? '')) throw error;
    });
  }
  await client.query(`REVOKE ALL ON DATABASE ${role} FROM PUBLIC`);
}

async function reach(
  PostgresClient: PostgresClient,
  data: DataFolder,
  database: DesiredDatabase,
): Promise<Client> {
  const login = {
    host: database.host,
    port: Number(database.port),
    user: database.superuser,
    password: readSecret(data, database.superuserPassword),
  };
  const start = Date.now();
  for (;;) {
    // Before anything is sent: a server may ask for the password itself.
    const stranger = strangerOn(login.port, []);
    if (stranger !== undefined && stranger.mark?.data !== data.root) {
      const reason = `it is no server of this environment, but ${stranger.description}`;
      throw databaseUnreachable(database.name, database.host, database.port, reason);
    }
    try {
      return await connect(PostgresClient, login);
    } catch (error) {
      const { code, message } = error as { code?: string; message: string };
      const unheard = code === 'ECONNREFUSED' || code === 'ECONNRESET';
      const waitSeconds = code === CANNOT_CONNECT_NOW ? WAIT_SECONDS : unheard ? WAIT_SECONDS_UNHEARD : 0;
      if (Date.now() - start > waitSeconds * 1000) {
        throw databaseUnreachable(database.name, database.host, database.port, message);
      }
      await sleep(200);
    }
  }
}

/** A server that hangs does not answer the farewell either. */
async function close(client: Client): Promise<void> {
  await Promise.race([client.end(), sleep(FAREWELL_MILLISECONDS, undefined, { ref: false })]);
}

async function connect(PostgresClient: PostgresClient, login: ClientConfig): Promise<Client> {
  const client = new PostgresClient({
    ...login,
    database: 'postgres',
    ssl: false,
    application_name: 'mlterra',
    connectionTimeoutMillis: 10_000,
    query_timeout: QUERY_MILLISECONDS,
  });
  // A connection lost between two queries is reported by the next one.
  client.on('error', () => undefined);
  await client.connect();
  return client;
}
