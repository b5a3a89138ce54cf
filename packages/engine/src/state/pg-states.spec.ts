import { pgState } from '@mlterra/core';
import { freePort, startPostgres, type PostgresServer } from '@mlterra/testbed';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { TerraformFolder } from '../testing/terraform';
import { createStateReader, type StateReader } from './state-reader';

jest.setTimeout(60_000);

const backend = pgState();
const given = process.env['PG_CONN_STR'];
let dir: string;
let server: PostgresServer;
let reader: StateReader;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'mlterra-pg-states-'));
  server = await startPostgres();
});
afterAll(async () => {
  await server.stop();
  rmSync(dir, { recursive: true });
});
beforeEach(() => {
  process.env['PG_CONN_STR'] = server.connectionString;
  reader = createStateReader({ environmentDir: dir });
});
afterEach(async () => {
  await reader.close();
  if (given === undefined) delete process.env['PG_CONN_STR'];
  else process.env['PG_CONN_STR'] = given;
});

const read = (key: string) => reader.read(backend.location(key));
const stack = (key: string): TerraformFolder =>
  new TerraformFolder(join(dir, key.replaceAll('/', '-')), backend, key);

async function sql(text: string): Promise<void> {
  const client = new Client({ connectionString: server.connectionString });
  await client.connect();
  await client.query(text).finally(() => client.end());
}

test('what Terraform applied is read and listed; what it only initialised is absent', async () => {
  expect(await read('demo/dev/a')).toEqual({ kind: 'absent' });
  await stack('demo/dev/a').apply('one');
  await stack('demo-more/dev/b').apply('two');
  await stack('demo/dev/initialised').init('one');
  expect(await read('demo/dev/initialised')).toEqual({ kind: 'absent' });
  expect(await read('demo/dev/a')).toMatchObject({
    kind: 'state',
    state: {
      outputs: { value: { value: 'one', sensitive: false }, secret: { value: 's', sensitive: true } },
      resources: [{ type: 'terraform_data', name: 'a', instances: [{ schemaVersion: 0 }] }],
    },
  });
  expect(await reader.list(backend, 'demo')).toEqual(['demo/dev/a']);
  expect(await reader.list(backend, 'nothing')).toEqual([]);
});

test('a state that Terraform holds is busy, and free after a kill', async () => {
  const folder = stack('busy/dev/a');
  await folder.apply('one');
  await stack('busy/dev/b').apply('one');
  const running = folder.applyInBackground('two', 'touch started; sleep 60');
  while (!existsSync(join(dir, 'busy-dev-a', 'started'))) await delay(20);
  expect(await read('busy/dev/a')).toEqual({
    kind: 'busy',
    state: expect.objectContaining({
      outputs: expect.objectContaining({ value: { value: 'one', sensitive: false } }),
    }),
    holder: expect.stringMatching(
      /^the database session \d+ of postgres from 127\.0\.0\.1, since \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/,
    ),
  });
  expect(await read('busy/dev/b')).toMatchObject({ kind: 'state' });
  process.kill(-running.pid!, 'SIGKILL');
  await once(running, 'exit');
  // The server notices the end of the connection a moment later.
  while ((await read('busy/dev/a')).kind === 'busy') await delay(50);
  expect(await read('busy/dev/a')).toMatchObject({
    kind: 'state',
    state: { outputs: { value: { value: 'one' } } },
  });
});

test('a session that holds a state is ended by unlock, unless it is another one than was seen', async () => {
  const location = backend.location('held/dev/a');
  await stack('held/dev/a').apply('one');
  const running = stack('held/dev/a').applyInBackground('two', 'touch started; sleep 60');
  while (!existsSync(join(dir, 'held-dev-a', 'started'))) await delay(20);
  const lock = (await reader.lock(location))!;
  expect(lock).toMatchObject({
    process: 'alive',
    holder: expect.stringMatching(/^the database session \d+ of postgres/),
  });
  const [pid] = lock.identity.split(' ');
  const earlier = { ...lock, identity: `${pid} 2026-01-01T00:00:00.000Z` };
  expect(await reader.unlock(location, earlier)).toBe('changed');
  expect(await reader.lock(location)).toEqual(lock);
  expect(await reader.unlock(location, lock)).toBe('freed');
  expect(await reader.lock(location)).toBeUndefined();
  expect(await reader.unlock(location, lock)).toBe('changed');
  process.kill(-running.pid!, 'SIGKILL');
  await once(running, 'exit');
});

test('reads at once share their connections', async () => {
  await stack('demo/dev/many').apply('one');
  const reads = await Promise.all(Array.from({ length: 40 }, () => read('demo/dev/many')));
  expect(new Set(reads.map(({ kind }) => kind))).toEqual(new Set(['state']));
});

test('a damaged state is refused', async () => {
  await stack('demo/dev/bad').apply('one');
  await sql(`UPDATE "demo/dev/bad".states SET data = left(data, 50)`);
  await expect(read('demo/dev/bad')).rejects.toThrow(
    expect.objectContaining({
      code: 'state-corrupt',
      message: expect.stringMatching(
        /^The state in the row "default" of "demo\/dev\/bad"\.states is cut off or is not JSON\.[^]*restore it from a backup of the database/,
      ),
    }),
  );
});

describe('without access:', () => {
  const refused = async (connectionString: string, code: string, message: RegExp): Promise<void> => {
    process.env['PG_CONN_STR'] = connectionString;
    const { password } = new URL(server.connectionString);
    const error: unknown = await read('demo/dev/a').catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code, message: expect.stringMatching(message) });
    expect((error as Error).message).not.toContain(password);
    expect((error as Error).message).not.toContain('wr0ng');
  };
  const changed = (change: (url: URL) => void): string => {
    const url = new URL(server.connectionString);
    change(url);
    return url.href;
  };

  test('no variable', () =>
    refused(
      '',
      'pg-connection-missing',
      /variable PG_CONN_STR is not set\.\n {2}expected: PG_CONN_STR=postgres:/,
    ));

  test('a wrong password', () =>
    refused(
      changed((url) => (url.password = 'wr0ng')),
      'state-access',
      /PostgreSQL at 127\.0\.0\.1:\d+ refuses the login \(password authentication failed for user "postgres"\)\.\n {2}expected: user, password and database/,
    ));

  test('no such database', () =>
    refused(
      changed((url) => (url.pathname = '/nothing')),
      'state-access',
      /refuses the login \(database "nothing" does not exist\)/,
    ));

  test('no privilege', async () => {
    await stack('demo/dev/private').apply('one');
    await sql(`CREATE ROLE guest LOGIN PASSWORD 'wr0ng'`);
    process.env['PG_CONN_STR'] = changed((url) => ([url.username, url.password] = ['guest', 'wr0ng']));
    await expect(read('demo/dev/private')).rejects.toThrow(
      /does not let guest read the states \(permission denied for schema demo\/dev\/private\)\.\n {2}expected: usage of their schemas/,
    );
  });

  test('no server', async () => {
    const port = await freePort();
    await refused(
      changed((url) => (url.port = String(port))),
      'state-server-unreachable',
      /PostgreSQL at 127\.0\.0\.1:\d+ cannot be reached \(.*ECONNREFUSED/,
    );
  });

  test('TLS that the server lacks', () =>
    refused(
      changed((url) => url.searchParams.delete('sslmode')),
      'state-server-unreachable',
      /does not support SSL connections; PG_CONN_STR without TLS ends in \?sslmode=disable\)/,
    ));
});
