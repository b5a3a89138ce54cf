import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from './port';
import { copyPostgres } from './postgres-binaries';
import { startServerProcess } from './server-process';

const run = promisify(execFile);

/** Linux and macOS both have the user `nobody`; PostgreSQL refuses to run as root. */
const NOBODY = { linux: { uid: 65534, gid: 65534 }, darwin: { uid: -2 >>> 0, gid: -2 >>> 0 } } as const;

export interface PostgresServer {
  /** URL of the database `postgres`, with the superuser's password. */
  readonly connectionString: string;
  /** Ends the server and removes its data. */
  stop(): Promise<void>;
}

/** Starts a PostgreSQL of its own, empty, on a free port of 127.0.0.1, with password authentication. */
export async function startPostgres(): Promise<PostgresServer> {
  const folder = mkdtempSync(join(tmpdir(), 'mlterra-postgres-'));
  const user = process.getuid?.() === 0 ? NOBODY[process.platform as keyof typeof NOBODY] : undefined;
  try {
    // The other user may not reach this checkout (`/root` is closed to it), and links of the libraries are
    // made by an install script, which may have been skipped: both are mended in a copy.
    const native = copyPostgres(folder);
    const data = join(folder, 'data');
    mkdirSync(data, { mode: 0o700 });
    const password = randomBytes(16).toString('hex');
    const passwordFile = join(folder, 'password');
    writeFileSync(passwordFile, password, { mode: 0o600 });
    if (user) for (const path of [folder, data, passwordFile]) chownSync(path, user.uid, user.gid);

    const env = { PATH: process.env['PATH'], LC_ALL: 'C', TZ: 'UTC' };
    await run(
      join(native, 'bin', 'initdb'),
      [
        '-D',
        data,
        '-U',
        'postgres',
        '-A',
        'scram-sha-256',
        `--pwfile=${passwordFile}`,
        '-E',
        'UTF8',
        '--no-sync',
      ],
      { env, cwd: '/', ...user },
    );
    const port = await freePort();
    const settings = {
      listen_addresses: '127.0.0.1',
      port: String(port),
      unix_socket_directories: '',
      fsync: 'off',
      shared_buffers: '16MB',
    };
    const server = await startServerProcess({
      name: 'PostgreSQL',
      command: join(native, 'bin', 'postgres'),
      args: ['-D', data, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
      env,
      ...(user === undefined ? {} : { user }),
      signal: 'SIGINT',
      remove: [folder],
      isReady: (output) => output.includes('database system is ready to accept connections'),
    });
    return {
      connectionString: `postgres://postgres:${password}@127.0.0.1:${port}/postgres?sslmode=disable`,
      stop: () => server.stop(),
    };
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}
