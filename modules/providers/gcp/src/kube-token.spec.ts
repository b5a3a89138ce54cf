import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The SDK loads parts of itself in a way that Jest cannot follow: the compiled module runs in a process of its own. */
const MODULE = resolve(__dirname, '../dist/kube-token.js');
const PROGRAM = `require(process.argv[1]).kubeToken().then(
  ({ token, expires }) => console.log(JSON.stringify({ token, expires: expires?.getTime() })),
  (error) => console.log(JSON.stringify({ name: error.name, message: error.message })),
)`;

/** A metadata server as machines of Google have one. */
let server: Server;
let asked: URL[];
let folder: string;

/** What the module says, in an environment without credentials but for `variables`. */
async function kubeToken(variables: Readonly<Record<string, string>>): Promise<Record<string, unknown>> {
  const env = { PATH: process.env.PATH, HOME: folder, CLOUDSDK_CONFIG: folder, ...variables };
  const { stdout } = await run(process.execPath, ['--eval', PROGRAM, MODULE], { env });
  return JSON.parse(stdout) as Record<string, unknown>;
}

beforeAll(async () => {
  server = createServer((request, response) => {
    const url = new URL(request.url!, 'http://localhost');
    asked.push(url);
    const known = url.pathname === '/computeMetadata/v1/instance/service-accounts/default/token';
    const body = known ? { access_token: 'made-up-token', expires_in: 3_600, token_type: 'Bearer' } : {};
    response.writeHead(known ? 200 : 404, {
      'content-type': 'application/json',
      'metadata-flavor': 'Google',
    });
    response.end(JSON.stringify(body));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
});
afterAll(() => new Promise((closed) => server.close(closed)));

beforeEach(() => {
  asked = [];
  folder = mkdtempSync(join(tmpdir(), 'mlterra-kube-token-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('kubeToken', () => {
  it('asks the machine it runs on, for the scopes that GKE wants', async () => {
    const start = Date.now();
    const { token, expires } = await kubeToken({
      GCE_METADATA_HOST: `127.0.0.1:${(server.address() as AddressInfo).port}`,
      METADATA_SERVER_DETECTION: 'assume-present',
    });
    expect(token).toBe('made-up-token');
    expect(expires).toBeGreaterThan(start + 3_000_000);
    const [request] = asked.filter(({ pathname }) => pathname.endsWith('/token'));
    expect(request!.searchParams.get('scopes')!.split(',').sort()).toEqual([
      'https://www.googleapis.com/auth/cloud-platform',
      'https://www.googleapis.com/auth/userinfo.email',
    ]);
  });

  it('says what to do where nobody is logged in', async () => {
    const { name, message } = await kubeToken({ METADATA_SERVER_DETECTION: 'none' });
    expect(name).toBe('MlterraError');
    expect(message).toMatch(/^Google gave no token: Could not load the default credentials/);
    expect(message).toContain('gcloud auth application-default login');
  });

  it('says that a file of credentials is of no use, and nothing of what is in it', async () => {
    const file = join(folder, 'credentials.json');
    const content = { type: 'service_account', client_email: 'a@b.c', private_key: 'not-a-key' };
    writeFileSync(file, JSON.stringify(content));
    const { message } = await kubeToken({ GOOGLE_APPLICATION_CREDENTIALS: file });
    expect(message).toMatch(/^Google gave no token: /);
    expect(message).not.toContain('not-a-key');
  });
});
