import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kubeToken } from './kube-token';

/** A metadata server as machines of Google have one. */
let server: Server;
let asked: URL[];
let folder: string;
const before = { ...process.env };

beforeAll(async () => {
  server = createServer((request, response) => {
    const url = new URL(request.url!, 'http://localhost');
    asked.push(url);
    const known = url.pathname === '/computeMetadata/v1/instance/service-accounts/default/token';
    response.writeHead(known ? 200 : 404, {
      'content-type': 'application/json',
      'metadata-flavor': 'Google',
    });
    response.end(
      known
        ? JSON.stringify({ access_token: 'made-up-token', expires_in: 3_600, token_type: 'Bearer' })
        : '{}',
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

beforeEach(() => {
  asked = [];
  folder = mkdtempSync(join(tmpdir(), 'mlterra-kube-token-'));
  process.env = { ...before, CLOUDSDK_CONFIG: folder, HOME: folder };
  delete process.env.GOOGLE_APPLICATION_CREDENTIALS;
});
afterEach(() => {
  process.env = before;
  rmSync(folder, { recursive: true, force: true });
});

describe('kubeToken', () => {
  it('asks the machine it runs on, for the scopes that GKE wants', async () => {
    process.env.GCE_METADATA_HOST = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    process.env.METADATA_SERVER_DETECTION = 'assume-present';
    const start = Date.now();
    const { token, expires } = await kubeToken();
    expect(token).toBe('made-up-token');
    expect(expires!.getTime()).toBeGreaterThan(start + 3_000_000);
    const [request] = asked.filter(({ pathname }) => pathname.endsWith('/token'));
    expect(request!.searchParams.get('scopes')!.split(',').sort()).toEqual([
      'https://www.googleapis.com/auth/cloud-platform',
      'https://www.googleapis.com/auth/userinfo.email',
    ]);
  });

  it('says what to do where nobody is logged in', async () => {
    process.env.METADATA_SERVER_DETECTION = 'none';
    await expect(kubeToken()).rejects.toThrow(
      /^Google gave no token: Could not load the default credentials[\s\S]*to do: {4}gcloud auth application-default login/,
    );
  });

  it('says what is wrong with a file of credentials, and nothing of what is in it', async () => {
    const file = join(folder, 'credentials.json');
    writeFileSync(
      file,
      JSON.stringify({ type: 'service_account', client_email: 'a@b.c', private_key: 'not-a-key' }),
    );
    process.env.GOOGLE_APPLICATION_CREDENTIALS = file;
    const error: Error = await kubeToken().then(
      () => new Error('a token'),
      (reason: Error) => reason,
    );
    expect(error.message).toMatch(/^Google gave no token: /);
    expect(error.message).not.toContain('not-a-key');
  });
});
