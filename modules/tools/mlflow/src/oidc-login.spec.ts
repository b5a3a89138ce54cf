import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '@mlterra/testbed';
import { RecordingHost, synthStack } from '@mlterra/testing';
import { Mlflow } from './mlflow';
import { START_SCRIPT } from './start-script';
import { Browser } from './testing/browser';
import { Databases } from './testing/databases';
import { installed } from './testing/installation';
import { Program } from './testing/program';
import { MLFLOW_REQUIREMENTS, OIDC_REQUIREMENT } from './versions';

jest.setTimeout(900_000);

const describeInFull = process.env.MLTERRA_TEST_FULL ? describe : describe.skip;

const SECRET = 'secret-of-the-client';
const GROUPS = { ada: ['ml'], grace: ['ml-admins'], eve: ['others'] };
const SEARCH = 'mlflow/experiments/search?max_results=10';

describeInFull('a login with an OpenID Connect provider', () => {
  let folder: string;
  let databases: Databases;
  let provider: Program;
  let server: Program;
  let issuer: string;
  let url: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'mlterra-mlflow-'));
    writeFileSync(join(folder, 'start.py'), START_SCRIPT);
    databases = await Databases.start();
    for (const name of ['tracking', 'tracking_oidc']) await databases.make(name);
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    const providerPort = await freePort();
    issuer = `http://127.0.0.1:${providerPort}`;
    provider = new Program(
      [
        ...[process.execPath, join(__dirname, 'testing', 'oidc-provider.mjs'), String(providerPort)],
        ...[JSON.stringify(['mlflow', 'other']), SECRET, `${url}/callback`, JSON.stringify(GROUPS)],
      ],
      { PATH: process.env.PATH },
    );
    await provider.says('listening');
    const bin = installed(...MLFLOW_REQUIREMENTS, OIDC_REQUIREMENT);
    server = new Program(
      [
        ...[join(bin, 'python'), join(folder, 'start.py'), 'mlflow', 'server', '--app-name', 'oidc-auth'],
        ...['--host', '127.0.0.1', '--port', String(port), '--workers', '1'],
        ...['--serve-artifacts', '--artifacts-destination', `file://${folder}/artifacts`],
      ],
      {
        PATH: `${bin}:/usr/local/bin:/usr/bin:/bin`,
        ...variables(port),
        MLFLOW_BACKEND_STORE_URI: databases.url('tracking'),
        OIDC_USERS_DB_URI: databases.url('tracking_oidc'),
        OIDC_CLIENT_SECRET: SECRET,
        SECRET_KEY: 'k'.repeat(64),
        MLFLOW_FLASK_SERVER_SECRET_KEY: 'k'.repeat(64),
        MLFLOW_CRYPTO_KEK_PASSPHRASE: 'p'.repeat(64),
      },
    );
    await server.answers(`${url}/health`);
  });

  afterAll(async () => {
    await Promise.all([server?.stop(), provider?.stop()]);
    await databases?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Variables of the module that hold neither secrets nor addresses of databases. */
  function variables(port: number): Record<string, string> {
    const platform = new RecordingHost();
    synthStack((scope) => {
      new Mlflow(scope, 'mlflow', {
        platform,
        port,
        database: platform.addPostgres(scope, 'postgres', { port: 5432 }),
        artifacts: platform.addObjectStore(scope, 'artifacts'),
        oidc: {
          issuerUrl: issuer,
          clientId: 'mlflow',
          clientSecret: platform.generateSecret(scope, 'client-secret'),
          groups: ['ml'],
          adminGroups: ['ml-admins'],
          scope: 'openid email profile groups',
          publicUrl: url,
        },
      });
    });
    const given = platform.workloads[0]!.containers.server!.variables!;
    return {
      ...Object.fromEntries(
        Object.entries(given).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
      ),
      OIDC_REDIRECT_URI: `${url}/callback`,
    };
  }

  /** An ID token, as a program of the user gets it for a client. */
  async function idToken(user: keyof typeof GROUPS, client = 'mlflow'): Promise<string> {
    const verifier = randomBytes(32).toString('base64url');
    const query = new URLSearchParams({
      response_type: 'code',
      client_id: client,
      redirect_uri: `${url}/callback`,
      scope: 'openid email profile groups',
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
      code_challenge_method: 'S256',
    });
    const page = await new Browser().logIn(`${issuer}/auth?${query.toString()}`, user, `${url}/callback`);
    const response = await fetch(`${issuer}/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(`${client}:${SECRET}`).toString('base64')}` },
      body: new URLSearchParams({
        grant_type: 'authorization_code',
        code: new URL(page.url).searchParams.get('code')!,
        redirect_uri: `${url}/callback`,
        code_verifier: verifier,
      }),
    });
    return ((await response.json()) as { id_token: string }).id_token;
  }

  const asProgram = (token: string, path = SEARCH): Promise<Response> =>
    fetch(`${url}/api/2.0/${path}`, { headers: { authorization: `Bearer ${token}` } });

  it('is where the server sends a browser that nobody has logged in with', async () => {
    const page = await new Browser().open(`${url}/login`);
    expect(page.url).toMatch(new RegExp(`^${issuer}/interaction/`));
    expect((await fetch(`${url}/api/2.0/${SEARCH}`)).status).toBe(401);
  });

  it('lets members of a group in, to nothing that nobody granted to them', async () => {
    const browser = new Browser();
    expect(await browser.logIn(`${url}/login`, 'ada')).toMatchObject({ url: `${url}/`, status: 200 });
    const user = await browser.open(`${url}/api/2.0/mlflow/users/current`);
    expect(JSON.parse(user.body)).toMatchObject({ username: 'ada@example.org', is_admin: false });
    const { body, status } = await browser.open(`${url}/ajax-api/2.0/${SEARCH}`);
    expect([status, JSON.parse(body)]).toEqual([200, { next_page_token: '' }]);
  });

  it('makes members of the administrators’ group administrators', async () => {
    const browser = new Browser();
    await browser.logIn(`${url}/login`, 'grace');
    const user = await browser.open(`${url}/api/2.0/mlflow/users/current`);
    expect(JSON.parse(user.body)).toMatchObject({ username: 'grace@example.org', is_admin: true });
    const { body } = await browser.open(`${url}/ajax-api/2.0/${SEARCH}`);
    expect(JSON.parse(body)).toMatchObject({ experiments: [{ name: 'Default' }] });
  });

  it('keeps all others out', async () => {
    const browser = new Browser();
    const page = await browser.logIn(`${url}/login`, 'eve');
    expect(decodeURIComponent(page.url)).toContain('error=User+is+not+allowed+to+login');
    expect((await browser.open(`${url}/ajax-api/2.0/${SEARCH}`)).status).toBe(401);
    expect((await asProgram(await idToken('eve'))).status).toBe(401);
  });

  it('lets programs in with a token of a user who may, and with no token for another client', async () => {
    expect((await asProgram(await idToken('grace'))).status).toBe(200);
    expect((await asProgram(await idToken('grace', 'other'))).status).toBe(401);
    const token = await idToken('grace');
    const [header, , signature] = token.split('.');
    const claims = JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString()) as object;
    const forged = Buffer.from(JSON.stringify({ ...claims, email: 'ada@example.org' })).toString('base64url');
    expect((await asProgram(`${header}.${forged}.${signature}`)).status).toBe(401);
  });
});
