import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CREATE_SCRIPT } from './bucket-script';

const ADMIN = 'mlterraadmin';

/**
 * What the documentation and the source of SeaweedFS 4.44 say of the requests the script makes; the server itself cannot
 * be had on the machines that test this. Signatures are looked at for who signs and for what, not computed again.
 */
class FakeSeaweedfs {
  public readonly buckets = new Set<string>();
  public readonly keys = new Map<string, string>();
  public readonly requests: string[] = [];
  public readonly policies = new Map<string, string>();
  private readonly users = new Set<string>();
  private server!: Server;

  public async start(): Promise<string> {
    this.server = createServer((request, response) => {
      let body = '';
      request.on('data', (part: Buffer) => (body += part.toString()));
      request.on('end', () => {
        const [, signer, service] =
          /Credential=([^/]+)\/\d+\/us-east-1\/(\w+)\/aws4_request/.exec(
            request.headers.authorization ?? '',
          ) ?? [];
        const [status, answer] = this.answer(
          `${request.method} ${request.url}`,
          signer!,
          service!,
          new URLSearchParams(body),
        );
        response.writeHead(status).end(answer);
      });
    });
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  public stop(): void {
    this.server.close();
  }

  private answer(line: string, signer: string, service: string, form: URLSearchParams): [number, string] {
    const action = form.get('Action');
    this.requests.push(`${signer === ADMIN ? 'admin' : 'user'} ${service} ${action ?? line}`);
    if (signer !== ADMIN) return this.keys.has(signer) ? [200, ''] : [403, 'InvalidAccessKeyId'];
    if (service === 's3') return this.s3(line);
    const user = form.get('UserName')!;
    const key = form.get('AccessKeyId')!;
    switch (action) {
      case 'CreateUser':
        if (this.users.has(user)) return [409, 'EntityAlreadyExists'];
        this.users.add(user);
        return [200, ''];
      case 'PutUserPolicy':
        this.policies.set(user, form.get('PolicyDocument')!);
        return [200, ''];
      case 'CreateAccessKey':
        if (this.keys.has(key)) return [409, 'EntityAlreadyExists'];
        this.keys.set(key, form.get('SecretAccessKey')!);
        return [200, ''];
      case 'DeleteAccessKey':
        this.keys.delete(key);
        return [200, ''];
      default:
        return [501, 'NotImplemented'];
    }
  }

  private s3(line: string): [number, string] {
    if (line === 'GET /') return [200, ''];
    const bucket = line.slice('PUT /'.length);
    if (bucket === 'foreign') return [403, 'AccessDenied'];
    if (this.buckets.has(bucket)) return [409, 'BucketAlreadyOwnedByYou'];
    this.buckets.add(bucket);
    return [200, ''];
  }
}

describe('the script that makes buckets', () => {
  let folder: string;
  let server: FakeSeaweedfs;
  let url: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'mlterra-seaweedfs-'));
    writeFileSync(join(folder, 'create.sh'), CREATE_SCRIPT.replaceAll('/tmp/', `${folder}/`));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  beforeEach(async () => {
    server = new FakeSeaweedfs();
    url = await server.start();
  });
  afterEach(() => server.stop());

  const run = (bucket: string, secret: string) =>
    new Promise<{ code: number | null; output: string }>((resolve) => {
      const child = spawn('sh', [join(folder, 'create.sh')], {
        env: {
          PATH: process.env.PATH,
          ADMIN_ENDPOINT_URL: url,
          ADMIN_REGION: 'us-east-1',
          ADMIN_ACCESS_KEY_ID: ADMIN,
          ADMIN_SECRET_ACCESS_KEY: 'adminsecret',
          USER_ACCESS_KEY_ID: 'userkey',
          USER_SECRET_ACCESS_KEY: secret,
          BUCKET: bucket,
          WAIT_SECONDS: '2',
        },
      });
      let output = '';
      for (const stream of [child.stdout, child.stderr])
        stream.on('data', (part: Buffer) => (output += part.toString()));
      child.on('close', (code) => resolve({ code, output }));
    });

  it('makes bucket, user, policy and key', async () => {
    expect(await run('notes', 'first+secret/1=')).toEqual({ code: 0, output: '' });
    expect([...server.buckets]).toEqual(['notes']);
    expect(server.keys.get('userkey')).toBe('first+secret/1=');
    const { Statement } = JSON.parse(server.policies.get('notes')!);
    expect(Statement).toHaveLength(1);
    expect(Statement[0].Resource).toEqual(['arn:aws:s3:::notes', 'arn:aws:s3:::notes/*']);
  });

  it('changes nothing the second time', async () => {
    await run('notes', 'secret');
    server.requests.length = 0;
    expect(await run('notes', 'secret')).toEqual({ code: 0, output: '' });
    expect(server.requests.filter((request) => request.includes('AccessKey'))).toEqual([]);
    expect(server.keys.get('userkey')).toBe('secret');
  });

  it('gives a key that is there its new secret', async () => {
    await run('notes', 'old');
    // The old secret does not sign for the new one: the server says so.
    const { keys } = server;
    const has = keys.has.bind(keys);
    jest
      .spyOn(keys, 'has')
      .mockImplementationOnce(() => false)
      .mockImplementation(has);
    expect(await run('notes', 'new')).toEqual({ code: 0, output: '' });
    expect(keys.get('userkey')).toBe('new');
  });

  it('says what went wrong, and with which answer', async () => {
    const { code, output } = await run('foreign', 'secret');
    expect(code).toBe(1);
    expect(output).toBe('make the bucket foreign: status 403: AccessDenied\n');
  });

  it('gives up on a server that does not answer', async () => {
    server.stop();
    url = 'http://127.0.0.1:9';
    const { code, output } = await run('notes', 'secret');
    expect(code).toBe(1);
    expect(output).toMatch(/^the server does not let the administrator in: status 000/);
  });
});
