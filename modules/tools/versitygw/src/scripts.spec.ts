import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { freePort, versitygwBinary } from '@mlterra/testbed';
import { CREATE_PATH, CREATE_SCRIPT } from './bucket-script';
import { START_PATH, START_SCRIPT, VOLUME_PATH } from './start-script';

// The server is built on first use.
jest.setTimeout(600_000);

const ADMIN_KEY = 'adminKey0123456789';

describe('the scripts of the server, on a real one', () => {
  let folder: string;
  let endpoint: string;
  let server: ChildProcess;
  const path = (name: string): string => join(folder, name);
  const start = fileName(START_PATH);
  const createFile = fileName(CREATE_PATH);

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'mlterra-versitygw-'));
    symlinkSync(await versitygwBinary(), path('versitygw'));
    writeFileSync(path(start), START_SCRIPT.replaceAll(VOLUME_PATH, path('volume')));
    writeFileSync(path(createFile), CREATE_SCRIPT);
    const port = await freePort();
    endpoint = `http://127.0.0.1:${port}`;
    await run(port);
  });

  afterAll(async () => {
    await stop('SIGTERM');
    rmSync(folder, { recursive: true, force: true });
  });

  const PATH = (): string => `${folder}:${process.env['PATH']}`;

  async function run(port: number): Promise<void> {
    server = spawn(
      'sh',
      [
        path(start),
        '--port',
        `127.0.0.1:${port}`,
        '--region',
        'us-east-1',
        '--health',
        '/_health',
        '--quiet',
      ],
      {
        env: {
          PATH: PATH(),
          HOME: folder,
          ROOT_ACCESS_KEY_ID: 'admin',
          ROOT_SECRET_ACCESS_KEY: ADMIN_KEY,
        },
        stdio: 'ignore',
      },
    );
    while (
      !(await fetch(`${endpoint}/_health`).then(
        ({ ok }) => ok,
        () => false,
      ))
    ) {
      if (server.exitCode !== null) throw new Error(`versitygw ended with ${server.exitCode}`);
      await delay(50);
    }
  }

  async function stop(signal: NodeJS.Signals): Promise<void> {
    const closed = once(server, 'close');
    server.kill(signal);
    await closed;
  }

  function create(bucket: string, key: string, more: NodeJS.ProcessEnv = {}) {
    return spawnSync('sh', [path(createFile)], {
      env: {
        PATH: PATH(),
        ADMIN_ENDPOINT_URL: endpoint,
        ADMIN_REGION: 'us-east-1',
        ADMIN_ACCESS_KEY_ID: 'admin',
        ADMIN_SECRET_ACCESS_KEY: ADMIN_KEY,
        USER_ACCESS_KEY_ID: bucket,
        USER_SECRET_ACCESS_KEY: key,
        BUCKET: bucket,
        WAIT_SECONDS: '1',
        ...more,
      },
      encoding: 'utf8',
    });
  }

  const client = (accessKeyId: string, secretAccessKey: string): S3Client =>
    new S3Client({
      endpoint,
      region: 'us-east-1',
      forcePathStyle: true,
      credentials: { accessKeyId, secretAccessKey },
      maxAttempts: 1,
    });

  const read = async (s3: S3Client, Bucket: string, Key: string): Promise<string> =>
    (await s3.send(new GetObjectCommand({ Bucket, Key }))).Body!.transformToString();

  it('make buckets, each with a user who has it and nothing else', async () => {
    for (const bucket of ['dev-notes', 'dev-wiki', 'dev-notes']) {
      expect(create(bucket, `key-of-${bucket}`)).toMatchObject({ status: 0, stderr: '' });
    }
    const notes = client('dev-notes', 'key-of-dev-notes');
    const wiki = client('dev-wiki', 'key-of-dev-wiki');
    await notes.send(new PutObjectCommand({ Bucket: 'dev-notes', Key: 'a/b.txt', Body: 'kept' }));
    expect(await read(notes, 'dev-notes', 'a/b.txt')).toBe('kept');

    for (const command of [
      new GetObjectCommand({ Bucket: 'dev-notes', Key: 'a/b.txt' }),
      new PutObjectCommand({ Bucket: 'dev-notes', Key: 'a/b.txt', Body: 'mine' }),
      new DeleteObjectCommand({ Bucket: 'dev-notes', Key: 'a/b.txt' }),
      new ListObjectsV2Command({ Bucket: 'dev-notes' }),
      new CreateBucketCommand({ Bucket: 'dev-more' }),
    ]) {
      await expect(wiki.send(command as GetObjectCommand)).rejects.toMatchObject({ name: 'AccessDenied' });
    }
    const { Buckets = [] } = await wiki.send(new ListBucketsCommand({}));
    expect(Buckets.map(({ Name }) => Name)).toEqual(['dev-wiki']);
    await expect(read(client('dev-notes', 'key-of-dev-wiki'), 'dev-notes', 'a/b.txt')).rejects.toMatchObject({
      name: 'SignatureDoesNotMatch',
    });
  });

  it('change the key of a user', async () => {
    expect(create('dev-notes', 'another-key').status).toBe(0);
    expect(await read(client('dev-notes', 'another-key'), 'dev-notes', 'a/b.txt')).toBe('kept');
    await expect(read(client('dev-notes', 'key-of-dev-notes'), 'dev-notes', 'a/b.txt')).rejects.toMatchObject(
      { name: 'SignatureDoesNotMatch' },
    );
  });

  it('leave a bucket of another owner alone', () => {
    const { status, stderr } = create('dev-wiki', 'key-of-dev-wiki', { BUCKET: 'dev-notes' });
    expect([status, stderr]).toEqual([1, expect.stringContaining('BucketAlreadyExists')]);
  });

  it('tell why the administrator could not log in, once the time is over', () => {
    const { status, stderr } = create('dev-notes', 'another-key', { ADMIN_SECRET_ACCESS_KEY: 'wrong' });
    expect([status, stderr]).toEqual([1, expect.stringContaining('SignatureDoesNotMatch')]);
  });

  it('keep users and objects through a kill, on a volume that nobody else reads', async () => {
    await stop('SIGKILL');
    await run(Number(new URL(endpoint).port));
    expect(await read(client('dev-notes', 'another-key'), 'dev-notes', 'a/b.txt')).toBe('kept');
    const file = join(path('volume'), 'objects', 'dev-notes', 'a', 'b.txt');
    expect(existsSync(file)).toBe(true);
    expect(statSync(file).mode & 0o077).toBe(0);
  });
});

/** Name of a file of the container in the folder of the test. */
function fileName(file: string): string {
  return file.split('/').at(-1)!;
}
