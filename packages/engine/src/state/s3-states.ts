import type { GetObjectCommandOutput, S3Client } from '@aws-sdk/client-s3';
import { stateAccess, stateBucketMissing, stateServerUnreachable } from '../errors';
import { lifeOf } from './engine-processes';
import { describeLock, lockField } from './lock-info';
import { parseState } from './state-file';
import type { StateLock } from './state-lock';
import { busy, keyAt, keyPattern, type LocationOf, type StateRead, type StateStore } from './state-store';

type S3Location = LocationOf<'s3'>;
type Sdk = typeof import('@aws-sdk/client-s3');

const CONNECT_MILLISECONDS = 5_000;
const REQUEST_MILLISECONDS = 30_000;

/** States in buckets; the locks are objects beside them. */
export class S3States implements StateStore<S3Location> {
  /** Loading the library takes longer than a warm run on local states may. */
  private sdk: Promise<Sdk> | undefined;
  private readonly clients = new Map<string, S3Client>();

  public async read(location: S3Location): Promise<StateRead> {
    // The lock is read first: a state read after it is at least as new as the lock's absence.
    const lock = await this.text(location, lockKey(location));
    const text = await this.text(location, location.key);
    const parsed =
      text === undefined
        ? undefined
        : parseState(text, {
            name: `s3://${location.bucket}/${location.key}`,
            earlier: 'an earlier version of the object',
          });
    return lock === undefined ? (parsed ?? { kind: 'absent' }) : busy(describeLock(lock), parsed);
  }

  public async list(environment: string, place: (key: string) => S3Location): Promise<readonly string[]> {
    const pattern = keyPattern(environment, (key) => place(key).key);
    const location = place(`${environment}/x/x`);
    const { ListObjectsV2Command } = await this.load();
    const client = await this.client(location);
    const keys: string[] = [];
    let token: string | undefined;
    do {
      const command = new ListObjectsV2Command({
        Bucket: location.bucket,
        Prefix: pattern.before,
        ContinuationToken: token,
      });
      const page = await client.send(command).catch((error: unknown) => {
        throw explained(error, location);
      });
      keys.push(...(page.Contents ?? []).flatMap(({ Key }) => keyAt(Key ?? '', environment, pattern) ?? []));
      token = page.IsTruncated === true ? page.NextContinuationToken : undefined;
    } while (token !== undefined);
    return keys.sort();
  }

  public async lock(location: S3Location): Promise<StateLock | undefined> {
    const text = await this.text(location, lockKey(location));
    if (text === undefined) return undefined;
    const life = lifeOf(
      { who: lockField(text, 'Who'), operation: lockField(text, 'Operation') },
      ({ bucket, key }) => bucket === location.bucket && key === location.key,
    );
    return { identity: text, holder: describeLock(text), endsWithProcess: false, ...life };
  }

  /** Looked at once more before it is deleted, as Terraform's force-unlock does. */
  public async unlock(location: S3Location, lock: StateLock): Promise<'freed' | 'changed'> {
    if ((await this.text(location, lockKey(location))) !== lock.identity) return 'changed';
    const { DeleteObjectCommand } = await this.load();
    const client = await this.client(location);
    const command = new DeleteObjectCommand({ Bucket: location.bucket, Key: lockKey(location) });
    await client.send(command).catch((error: unknown) => {
      throw explained(error, location);
    });
    return 'freed';
  }

  public async close(): Promise<void> {
    for (const client of this.clients.values()) client.destroy();
    this.clients.clear();
  }

  /** Content of an object; undefined where there is none. */
  private async text(location: S3Location, key: string): Promise<string | undefined> {
    const { GetObjectCommand } = await this.load();
    const client = await this.client(location);
    let found: GetObjectCommandOutput;
    try {
      found = await client.send(new GetObjectCommand({ Bucket: location.bucket, Key: key }));
      return await found.Body!.transformToString('utf-8');
    } catch (error) {
      if ((error as Error).name === 'NoSuchKey') return undefined;
      throw explained(error, location);
    }
  }

  private async client(location: S3Location): Promise<S3Client> {
    const { S3Client } = await this.load();
    const { endpoint, region, usePathStyle } = location;
    const id = JSON.stringify([endpoint, region, usePathStyle]);
    let client = this.clients.get(id);
    if (client === undefined) {
      client = new S3Client({
        region,
        ...(endpoint === undefined ? {} : { endpoint }),
        forcePathStyle: usePathStyle,
        // Checksums of the newer kind are unknown to many compatible servers.
        requestChecksumCalculation: 'WHEN_REQUIRED',
        responseChecksumValidation: 'WHEN_REQUIRED',
        requestHandler: { connectionTimeout: CONNECT_MILLISECONDS, requestTimeout: REQUEST_MILLISECONDS },
      });
      this.clients.set(id, client);
    }
    return client;
  }

  private load(): Promise<Sdk> {
    // Which Node.js it runs on is mlterra's to say: the library would warn on every command.
    process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
    return (this.sdk ??= import('@aws-sdk/client-s3'));
  }
}

/** Where Terraform keeps the lock of a state. */
function lockKey({ key }: S3Location): string {
  return `${key}.tflock`;
}

/** What a person can do about it. Messages of the library name no secret. */
function explained(error: unknown, { bucket, region, endpoint }: S3Location): Error {
  const { name, message, $metadata } = error as Error & { readonly $metadata?: { httpStatusCode?: number } };
  const server = endpoint ?? `AWS S3 in ${region}`;
  const where = `the bucket ${bucket} of ${server}`;
  const status = $metadata?.httpStatusCode;
  if (name === 'NoSuchBucket') return stateBucketMissing(bucket, server);
  if (status === 301 || name === 'PermanentRedirect' || name === 'AuthorizationHeaderMalformed') {
    return stateAccess(
      `${where} is in another region than ${region}`,
      `the region of the bucket in s3State({ region: … })`,
      error,
    );
  }
  if (name === 'CredentialsProviderError') {
    return stateAccess(
      `there are no AWS credentials for ${where}: ${message}`,
      'AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE, in the environment of this command',
      error,
    );
  }
  if (status === 401 || status === 403) {
    return stateAccess(
      `${where} refuses the credentials (${name}: ${message})`,
      's3:ListBucket on the bucket; s3:GetObject, s3:PutObject and s3:DeleteObject on its objects',
      error,
    );
  }
  if (status === undefined) return stateServerUnreachable(server, messageWithCode(error), error);
  return stateAccess(
    `${where} answers ${status} (${name}: ${message})`,
    'a server that speaks S3, and credentials it knows',
    error,
  );
}

/** Where a host name has several addresses, the error of the connection has a code, but no message. */
function messageWithCode(error: unknown): string {
  const { name, message, code } = error as NodeJS.ErrnoException;
  return message || code || name;
}
