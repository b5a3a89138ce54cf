import type { Pool, PoolConfig, QueryResultRow } from 'pg';
import { pgConnectionMissing, stateAccess, stateServerUnreachable } from '../errors';
import { pgConnection } from './pg-connection';
import { clientLife } from './pg-client';
import type { StateLock } from './state-lock';
import { parseState } from './state-file';
import { busy, keyAt, keyPattern, type LocationOf, type StateRead, type StateStore } from './state-store';

type PgLocation = LocationOf<'pg'>;

const VARIABLE = 'PG_CONN_STR';
const CONNECT_MILLISECONDS = 10_000;
const CONNECTIONS = 4;
/** How long the server may take to end a session. */
const ENDED_MILLISECONDS = 5_000;
/** No such table, no such schema: nothing was ever initialised there. */
const ABSENT = new Set(['42P01', '3F000']);

/** Terraform locks a state by an advisory lock on the id of its row. */
const holderOf = (table: string): string => `
  SELECT l.pid, a.usename, a.client_addr::text AS client, a.client_port AS port, a.backend_start
  FROM ${table} s
  JOIN pg_locks l ON l.locktype = 'advisory' AND l.objsubid = 1 AND l.granted
    AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
    AND ((l.classid::bigint << 32) | l.objid::bigint) = s.id
  LEFT JOIN pg_stat_activity a ON a.pid = l.pid
  WHERE s.name = 'default'`;

/** States in a PostgreSQL database, a schema for each. */
export class PgStates implements StateStore<PgLocation> {
  private pool: Promise<{ readonly pool: Pool; readonly config: PoolConfig }> | undefined;

  public async read(location: PgLocation): Promise<StateRead> {
    const table = tableOf(location);
    // The lock is read first: a state read after it is at least as new as the lock's absence.
    const [holder] = await this.rowsOrNone<Holder>(holderOf(table));
    const [row] = await this.rowsOrNone<{ data: string }>(`SELECT data FROM ${table} WHERE name = 'default'`);
    if (row === undefined) return { kind: 'absent' };
    const parsed = parseState(row.data, {
      name: `in the row "default" of ${table}`,
      earlier: 'a backup of the database',
    });
    return holder === undefined ? parsed : busy(describe(holder), parsed);
  }

  public async list(environment: string, place: (key: string) => PgLocation): Promise<readonly string[]> {
    const pattern = keyPattern(environment, (key) => place(key).schema);
    const schemas = await this.rows<{ schema: string }>(
      `SELECT n.nspname AS schema FROM pg_namespace n JOIN pg_class c ON c.relnamespace = n.oid
       WHERE c.relname = 'states' AND starts_with(n.nspname, $1)`,
      [pattern.before],
    );
    const keys: string[] = [];
    for (const { schema } of schemas) {
      const key = keyAt(schema, environment, pattern);
      if (key === undefined) continue;
      const rows = await this.rowsOrNone(`SELECT 1 FROM ${quoted(schema)}.states WHERE name = 'default'`);
      if (rows.length > 0) keys.push(key);
    }
    return keys.sort();
  }

  public async lock(location: PgLocation): Promise<StateLock | undefined> {
    const [holder] = await this.rowsOrNone<Holder>(holderOf(tableOf(location)));
    if (holder === undefined) return undefined;
    return {
      identity: identityOf(holder),
      holder: describe(holder),
      endsWithProcess: false,
      ...clientLife(holder.client, holder.port),
    };
  }

  /** Ends the session that holds the lock: the lock ends with it. */
  public async unlock(location: PgLocation, lock: StateLock): Promise<'freed' | 'changed'> {
    const [holder] = await this.rowsOrNone<Holder>(holderOf(tableOf(location)));
    if (holder?.backend_start == null || identityOf(holder) !== lock.identity) return 'changed';
    // A session that has the id of the one that was seen, and is another one, stays.
    const ended = await this.rows<{ ended: boolean }>(
      `SELECT pg_terminate_backend(pid, ${ENDED_MILLISECONDS}) AS ended FROM pg_stat_activity
       WHERE pid = $1 AND date_trunc('milliseconds', backend_start) = $2`,
      [holder.pid, holder.backend_start],
    );
    return ended[0]?.ended === true ? 'freed' : 'changed';
  }

  public async close(): Promise<void> {
    const opened = this.pool;
    this.pool = undefined;
    await (await opened?.catch(() => undefined))?.pool.end();
  }

  private async rows<Row extends QueryResultRow>(sql: string, values: readonly unknown[]): Promise<Row[]> {
    const { pool, config } = await (this.pool ??= open());
    try {
      return (await pool.query<Row>(sql, [...values])).rows;
    } catch (error) {
      if (ABSENT.has((error as { code?: string }).code ?? '')) throw error;
      throw explained(error, config);
    }
  }

  /** No rows where the table is missing. */
  private async rowsOrNone<Row extends QueryResultRow>(sql: string): Promise<Row[]> {
    try {
      return await this.rows<Row>(sql, []);
    } catch (error) {
      if (ABSENT.has((error as { code?: string }).code ?? '')) return [];
      throw error;
    }
  }
}

interface Holder extends QueryResultRow {
  readonly pid: number;
  readonly usename: string | null;
  readonly client: string | null;
  readonly port: number | null;
  readonly backend_start: Date | null;
}

function tableOf({ schema }: PgLocation): string {
  return `${quoted(schema)}.states`;
}

function identityOf({ pid, backend_start }: Holder): string {
  return `${pid} ${backend_start?.toISOString() ?? ''}`;
}

function describe({ pid, usename, client, backend_start }: Holder): string {
  // Who else is connected is shown to members of pg_read_all_stats only.
  return [
    `the database session ${pid}`,
    usename === null ? '' : ` of ${usename}`,
    client === null ? '' : ` from ${client.replace(/\/\d+$/, '')}`,
    backend_start === null ? '' : `, since ${backend_start.toISOString().replace(/\.\d+Z$/, 'Z')}`,
  ].join('');
}

async function open(): Promise<{ readonly pool: Pool; readonly config: PoolConfig }> {
  const given = process.env[VARIABLE];
  if (given === undefined || given === '') throw pgConnectionMissing();
  const config = pgConnection(given);
  // Loading the library takes longer than it may in a warm run on local states.
  const { Pool } = await import('pg');
  const pool = new Pool({
    ...config,
    max: CONNECTIONS,
    connectionTimeoutMillis: CONNECT_MILLISECONDS,
    application_name: 'mlterra',
    options: '-c default_transaction_read_only=on',
  });
  // A connection that is lost while idle is replaced when it is needed again.
  pool.on('error', () => undefined);
  return { pool, config };
}

function quoted(identifier: string): string {
  return `"${identifier.replaceAll('"', '""')}"`;
}

/** What a person can do about it. Neither the server nor the library repeats the password. */
function explained(error: unknown, { host, port, user, database }: PoolConfig): Error {
  const { code = '', message } = error as { readonly code?: string; readonly message: string };
  const server = `PostgreSQL at ${host}:${port}`;
  // Classes of errors: 28 authorisation, 3D no such database, 42501 privilege.
  if (code.startsWith('28') || code.startsWith('3D')) {
    return stateAccess(
      `${server} refuses the login (${message})`,
      `user, password and database of an existing account in ${VARIABLE}`,
      error,
    );
  }
  if (code === '42501') {
    return stateAccess(
      `${server} does not let ${user ?? 'the user'} read the states (${message})`,
      `usage of their schemas, and select, insert, update and delete on the tables in them, in the database ${database ?? user ?? ''}`.trim(),
      error,
    );
  }
  if (/^[0-9A-Z]{5}$/.test(code) && /^[0-9]/.test(code)) {
    return stateAccess(`${server} answers: ${message}`, 'an answer to a query', error);
  }
  const hint = message.includes('does not support SSL')
    ? `; ${VARIABLE} without TLS ends in ?sslmode=disable`
    : '';
  return stateServerUnreachable(server, `${message || code}${hint}`, error);
}
