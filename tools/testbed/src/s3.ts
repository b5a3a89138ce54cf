import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './port';
import { startServerProcess } from './server-process';
import { versitygwBinary } from './versitygw';

export interface S3Server {
  /** URL; address buckets in the path. */
  readonly endpoint: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Ends the server and removes its data. */
  stop(): Promise<void>;
}

/** Starts an S3-compatible server of its own, empty, on a free port of 127.0.0.1, with keys made for this start. */
export async function startS3(): Promise<S3Server> {
  const binary = await versitygwBinary();
  const folder = mkdtempSync(join(tmpdir(), 'mlterra-s3-'));
  const data = join(folder, 'data');
  // Extended attributes are missing on some file systems: what versitygw notes of an object goes into files.
  const sidecar = join(folder, 'sidecar');
  for (const path of [data, sidecar]) mkdirSync(path);
  const port = await freePort();
  const region = 'us-east-1';
  const accessKeyId = `test${randomBytes(8).toString('hex')}`;
  const secretAccessKey = randomBytes(20).toString('hex');
  const server = await startServerProcess({
    name: 'versitygw',
    command: binary,
    args: ['--port', `127.0.0.1:${port}`, '--region', region, '--quiet', 'posix', '--sidecar', sidecar, data],
    env: {
      PATH: process.env['PATH'],
      HOME: folder,
      ROOT_ACCESS_KEY: accessKeyId,
      ROOT_SECRET_KEY: secretAccessKey,
    },
    signal: 'SIGTERM',
    remove: [folder],
    isReady: () => accepts(port),
  });
  return {
    endpoint: `http://127.0.0.1:${port}`,
    region,
    accessKeyId,
    secretAccessKey,
    stop: () => server.stop(),
  };
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
