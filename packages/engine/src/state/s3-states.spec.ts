import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { s3State } from '@mlterra/core';
import { freePort, startS3, type S3Server } from '@mlterra/testbed';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { TerraformFolder } from '../testing/terraform';
import { createStateReader, type StateReader } from './state-reader';

// The server is built on first use.
jest.setTimeout(600_000);

// As the reader sets it, before the client of this spec is made.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';

const BUCKET = 'states';
const given = { ...process.env };
const VARIABLES = [
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_EC2_METADATA_DISABLED',
  'AWS_CONFIG_FILE',
  'AWS_SHARED_CREDENTIALS_FILE',
  'AWS_PROFILE',
];
let dir: string;
let server: S3Server;
let client: S3Client;
let reader: StateReader;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'mlterra-s3-states-'));
  server = await startS3();
  const { endpoint, region, accessKeyId, secretAccessKey } = server;
  client = new S3Client({
    endpoint,
    region,
    forcePathStyle: true,
    credentials: { accessKeyId, secretAccessKey },
  });
  await client.send(new CreateBucketCommand({ Bucket: BUCKET }));
});
afterAll(async () => {
  client.destroy();
  await server.stop();
  rmSync(dir, { recursive: true });
});
beforeEach(() => {
  Object.assign(process.env, {
    AWS_ACCESS_KEY_ID: server.accessKeyId,
    AWS_SECRET_ACCESS_KEY: server.secretAccessKey,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_CONFIG_FILE: join(dir, 'none'),
    AWS_SHARED_CREDENTIALS_FILE: join(dir, 'none'),
  });
  delete process.env['AWS_PROFILE'];
  reader = createStateReader({ environmentDir: dir });
});
afterEach(async () => {
  await reader.close();
  for (const name of VARIABLES) {
    if (given[name] === undefined) delete process.env[name];
    else process.env[name] = given[name];
  }
});

const backend = (props: { bucket?: string; endpoint?: string } = {}) =>
  s3State({
    bucket: BUCKET,
    region: server.region,
    endpoint: server.endpoint,
    keyPrefix: 'teams/ml',
    ...props,
  });
const read = (key: string, props = {}) => reader.read(backend(props).location(key));
const stack = (key: string): TerraformFolder =>
  new TerraformFolder(join(dir, key.replaceAll('/', '-')), backend(), key);
const object = (key: string) => ({ Bucket: BUCKET, Key: `teams/ml/${key}.tfstate` });

test('what Terraform applied is read; what it only initialised is absent', async () => {
  expect(await read('demo/dev/a')).toEqual({ kind: 'absent' });
  const folder = stack('demo/dev/a');
  await folder.init('one');
  expect(await read('demo/dev/a')).toEqual({ kind: 'absent' });
  await folder.apply('one');
  expect(await read('demo/dev/a')).toMatchObject({
    kind: 'state',
    state: {
      outputs: { value: { value: 'one', sensitive: false }, secret: { value: 's', sensitive: true } },
      resources: [{ type: 'terraform_data', name: 'a', instances: [{ schemaVersion: 0 }] }],
    },
  });
});

test('a state that Terraform holds is busy, until it is unlocked after a kill', async () => {
  const folder = stack('busy/dev/a');
  await folder.apply('one');
  const running = folder.applyInBackground('two', 'touch started; sleep 60');
  while (!existsSync(join(dir, 'busy-dev-a', 'started'))) await delay(20);
  const busy = await read('busy/dev/a');
  expect(busy).toEqual({
    kind: 'busy',
    state: expect.objectContaining({
      outputs: expect.objectContaining({ value: { value: 'one', sensitive: false } }),
    }),
    holder: expect.stringMatching(
      /^\S+@\S+, apply, since \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ, lock [0-9a-f-]{36}$/,
    ),
  });
  // The server keeps the promise that locks rest on: of two who create the lock, one fails.
  await expect(folder.terraform('apply', '-auto-approve', '-no-color')).rejects.toThrow(
    /Error acquiring the state lock[^]*PreconditionFailed/,
  );
  const location = backend().location('busy/dev/a');
  expect(await reader.lock(location)).toMatchObject({ process: 'alive', endsWithProcess: false });
  process.kill(-running.pid!, 'SIGKILL');
  await once(running, 'exit');
  const lock = (await reader.lock(location))!;
  expect(lock).toMatchObject({ process: 'dead', holder: (busy as { holder: string }).holder });
  // Somebody else may have taken it since it was shown.
  expect(await reader.unlock(location, { ...lock, identity: `${lock.identity} ` })).toBe('changed');
  expect(await read('busy/dev/a')).toMatchObject({ kind: 'busy' });
  expect(await reader.unlock(location, lock)).toBe('freed');
  expect(await reader.lock(location)).toBeUndefined();
  expect(await read('busy/dev/a')).toMatchObject({
    kind: 'state',
    state: { outputs: { value: { value: 'one' } } },
  });
});

test.each([
  ['emptied', Buffer.alloc(0), 'is empty'],
  ['cut off', Buffer.from('{"version": 4, "serial"'), 'is cut off or is not JSON'],
])('a state that was %s is refused', async (_, Body, found) => {
  await client.send(new PutObjectCommand({ ...object('demo/dev/bad'), Body }));
  await expect(read('demo/dev/bad')).rejects.toThrow(
    expect.objectContaining({
      code: 'state-corrupt',
      message: expect.stringMatching(
        new RegExp(
          `^The state s3://states/teams/ml/demo/dev/bad.tfstate ${found}[^]*restore it from an earlier version of the object`,
        ),
      ),
    }),
  );
});

test('the states of an environment are listed, over pages, and of no other', async () => {
  const keys = Array.from({ length: 1001 }, (_, index) => `list/dev/s${String(index).padStart(4, '0')}`);
  const others = ['list-more/dev/a', 'list/stray', 'list/dev/deep/a'];
  const put = (Key: string) => client.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body: '{}' }));
  for (let at = 0; at < keys.length; at += 50) {
    await Promise.all(keys.slice(at, at + 50).map((key) => put(object(key).Key)));
  }
  await Promise.all([
    ...others.map((key) => put(object(key).Key)),
    put(`${object(keys[0]!).Key}.tflock`),
    put('list/dev/unprefixed.tfstate'),
  ]);
  expect(await reader.list(backend(), 'list')).toEqual(keys);
  expect(await reader.list(backend(), 'nothing')).toEqual([]);
});

describe('without access:', () => {
  const refused = async (
    props: { bucket?: string; endpoint?: string },
    code: string,
    message: RegExp,
  ): Promise<void> => {
    const error = expect.objectContaining({ code, message: expect.stringMatching(message) });
    await expect(read('demo/dev/a', props)).rejects.toThrow(error);
    await expect(reader.list(backend(props), 'demo')).rejects.toThrow(error);
  };

  test('no bucket', () =>
    refused(
      { bucket: 'nothing' },
      'state-bucket-missing',
      /^There is no bucket nothing at http:\/\/127\.0\.0\.1:\d+\.\n {2}expected: a bucket that exists[^]*create it/,
    ));

  test('no credentials', async () => {
    delete process.env['AWS_ACCESS_KEY_ID'];
    delete process.env['AWS_SECRET_ACCESS_KEY'];
    await refused(
      {},
      'state-access',
      /there are no AWS credentials for the bucket states of http:[^]*expected: AWS_ACCESS_KEY_ID and/,
    );
  });

  test('a wrong secret', async () => {
    process.env['AWS_SECRET_ACCESS_KEY'] = 'wr0ng';
    await refused(
      {},
      'state-access',
      /refuses the credentials \(SignatureDoesNotMatch: (?!.*wr0ng)[^]*expected: s3:ListBucket/,
    );
  });

  test('a key nobody has', async () => {
    process.env['AWS_ACCESS_KEY_ID'] = 'nobody';
    await refused(
      {},
      'state-access',
      /answers 404 \(XAdminUserNotFound: [^]*expected: a server that speaks S3, and credentials it knows/,
    );
  });

  test('no server', async () => {
    const port = await freePort();
    await refused(
      { endpoint: `http://127.0.0.1:${port}` },
      'state-server-unreachable',
      /http:\/\/127\.0\.0\.1:\d+ cannot be reached \(.*ECONNREFUSED[^]*nothing was changed/,
    );
  });
});
