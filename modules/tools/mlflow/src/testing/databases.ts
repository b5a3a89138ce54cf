import { startPostgres, type PostgresServer } from '@mlterra/testbed';
import { Client } from 'pg';

const OWNER = 'mlflow';
const PASSWORD = 'owner-of-databases';

/** A PostgreSQL of its own, whose databases belong to a user that may do nothing else. */
export class Databases {
  private constructor(private readonly server: PostgresServer) {}

  public static async start(): Promise<Databases> {
    const databases = new Databases(await startPostgres());
    await databases.query('postgres', `CREATE ROLE ${OWNER} LOGIN PASSWORD '${PASSWORD}'`);
    return databases;
  }

  public stop(): Promise<void> {
    return this.server.stop();
  }

  /** Makes a database, empty or as another one is. */
  public async make(name: string, template = 'template0'): Promise<void> {
    await this.query('postgres', `CREATE DATABASE ${name} OWNER ${OWNER} TEMPLATE ${template}`);
  }

  /** As MLflow wants it. */
  public url(name: string): string {
    const url = new URL(this.server.connectionString);
    return `postgresql+psycopg2://${OWNER}:${PASSWORD}@${url.host}/${name}`;
  }

  /** Runs a statement as the administrator; returns the rows. */
  public async query(database: string, statement: string): Promise<readonly Record<string, unknown>[]> {
    const client = await this.connect(database);
    try {
      return (await client.query<Record<string, unknown>>(statement)).rows;
    } finally {
      await client.end();
    }
  }

  /** A session of the administrator, which the caller ends. */
  public async connect(database: string): Promise<Client> {
    const url = new URL(this.server.connectionString);
    url.pathname = `/${database}`;
    const client = new Client({ connectionString: url.href });
    await client.connect();
    return client;
  }

  /** All columns of all tables, and the revisions of the schemas. */
  public async schema(database: string): Promise<unknown> {
    const columns = await this.query(
      database,
      `SELECT table_name, column_name, data_type, is_nullable FROM information_schema.columns
       WHERE table_schema = 'public' ORDER BY 1, 2`,
    );
    const tables = columns.map(({ table_name: name }) => String(name));
    const versions = [...new Set(tables)].filter((name) => name.startsWith('alembic_version'));
    const revisions = await Promise.all(
      versions.map(async (name) => [name, await this.query(database, `SELECT * FROM ${name}`)] as const),
    );
    return { columns, revisions };
  }
}
