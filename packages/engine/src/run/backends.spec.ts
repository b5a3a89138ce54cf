/** @long */
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { startPostgres, startS3 } from '@mlterra/testbed';
import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Child } from '../testing/child';
import { builtinEnvironment, Fixture, statuses, type FixtureStack } from '../testing/fixture';

// As the state reader sets it, before the client of this spec is made.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';

/** A server for states: the source of its backend, and the variables that give access to it. */
interface Server {
  readonly backend: string;
  readonly env: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

async function postgres(): Promise<Server> {
  const { connectionString, stop } = await startPostgres();
  return { backend: 'pgState()', env: { PG_CONN_STR: connectionString }, stop };
}

async function s3(): Promise<Server> {
  const { endpoint, region, accessKeyId, secretAccessKey, stop } = await startS3();
  const env = {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
  };
  const credentials = { accessKeyId, secretAccessKey };
  const client = new S3Client({ endpoint, region, forcePathStyle: true, credentials });
  await client.send(new CreateBucketCommand({ Bucket: 'states' }));
  client.destroy();
  const backend = `s3State({ bucket: 'states', region: '${region}', endpoint: '${endpoint}' })`;
  return { backend, env, stop };
}

const backends = [
  ['PostgreSQL', postgres],
  ['S3', s3],
] as const;
/** What reads states is tested with both; a whole life is, too, in the full tier, and with one by the seed otherwise. */
const seed = Number(process.env['MLTERRA_TEST_SEED'] ?? Math.abs(jest.getSeed()));
const lived = process.env['MLTERRA_TEST_FULL'] === '1' ? backends : [backends[seed % backends.length]!];

describe.each(lived)('states on %s', (_, start) => {
  let server: Server;
  let fixture: Fixture;
  const given = { ...process.env };
  let other: Child | undefined;

  beforeAll(async () => {
    fixture = new Fixture();
    server = await start();
    Object.assign(process.env, server.env);
  }, 600_000);
  afterEach(async () => {
    await other?.kill();
    other = undefined;
  });
  afterAll(async () => {
    await server.stop();
    fixture.remove();
    for (const name of Object.keys(server.env)) {
      if (given[name] === undefined) delete process.env[name];
      else process.env[name] = given[name];
    }
  });

  const define = (name: string, stacks: Readonly<Record<string, FixtureStack>>): void => {
    fixture.environment(name, builtinEnvironment(name, { dev: stacks }, { backend: server.backend }));
  };
  const down: FixtureStack = { input: { upstream: '@up.id' } };

  it('an environment is applied, unchanged, loses a stack, and is destroyed', async () => {
    define('life', { up: { outputs: { id: 'one' } }, down });
    expect(statuses(await fixture.run('plan', 'life'))).toEqual({
      'life/dev/up': 'new',
      'life/dev/down': 'waiting',
    });
    expect(statuses(await fixture.run('apply', 'life'))).toEqual({
      'life/dev/up': 'applied',
      'life/dev/down': 'applied',
    });
    expect(statuses(await fixture.run('apply', 'life'))).toEqual({
      'life/dev/up': 'unchanged',
      'life/dev/down': 'unchanged',
    });
    expect((await fixture.run('output', 'life')).stages).toMatchObject([
      { name: 'dev', stacks: [{ name: 'up', outputs: { id: 'one' } }] },
    ]);

    define('life', { up: { outputs: { id: 'two' } }, down });
    expect(statuses(await fixture.run('apply', 'life'))).toEqual({
      'life/dev/up': 'applied',
      'life/dev/down': 'applied',
    });

    define('life', { up: { outputs: { id: 'two' } } });
    expect(statuses(await fixture.run('plan', 'life'))).toMatchObject({ 'life/dev/down': 'removed' });
    expect(statuses(await fixture.run('apply', 'life', { destroyRemoved: true }))).toEqual({
      'life/dev/down': 'destroyed',
      'life/dev/up': 'unchanged',
    });

    expect(statuses(await fixture.run('destroy', 'life', { yes: true }))).toEqual({
      'life/dev/up': 'destroyed',
    });
    expect(statuses(await fixture.run('destroy', 'life', { yes: true }))).toEqual({
      'life/dev/up': 'absent',
    });
  }, 60_000);

  it('a stack that another machine is applying is busy', async () => {
    const flag = path.join(fixture.root, 'go');
    const command = (name: string): string =>
      `touch ${flag}.${name}; while ! test -e ${flag}; do sleep 0.05; done`;
    define('busy', { old: { outputs: { id: 'one' } } });
    await fixture.run('apply', 'busy');
    const old: FixtureStack = { command: command('old'), outputs: { id: 'one' } };
    const making: FixtureStack = { command: command('making') };
    define('busy', { old, making });
    // The other machine's processes count against the limit of this one, as they share the folder here.
    const parallelism = 4;
    other = new Child('apply', fixture.request('busy', { parallelism }), process.env);
    while (!existsSync(`${flag}.old`) || !existsSync(`${flag}.making`)) await delay(20);
    // Another machine has working folders and a run lock of its own, and shares the states only.
    rmSync(path.join(fixture.dir('busy'), '.mlterra', 'run.lock'), { recursive: true, force: true });
    // While one new stack is being made, others can be.
    define('busy', { old, making, free: {} });
    const plan = await fixture.run('plan', 'busy', { lockTimeoutSeconds: 0, parallelism });
    const output = await fixture.run('output', 'busy');
    writeFileSync(flag, '');
    expect(await other.ended).toBe(0);
    const locked = { status: 'busy', reasons: [expect.stringMatching(/^locked: .+ since \d{4}-/)] };
    expect(plan.stacks).toMatchObject([
      { key: 'busy/dev/old', ...locked },
      { key: 'busy/dev/making', ...locked },
      { key: 'busy/dev/free', status: 'new' },
    ]);
    expect(output.stages).toEqual([{ name: 'dev', stacks: [{ name: 'old', outputs: { id: 'one' } }] }]);
    expect(statuses(await fixture.run('plan', 'busy'))).toEqual({
      'busy/dev/old': 'unchanged',
      'busy/dev/making': 'unchanged',
      'busy/dev/free': 'new',
    });
  }, 60_000);

  it('no credential is written into a file', () => {
    const secrets = Object.entries(server.env)
      .filter(([name]) => /SECRET|CONN/.test(name))
      .map(([, value]) => (value.startsWith('postgres:') ? new URL(value).password : value));
    const files = readdirSync(fixture.dir('life'), { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    );
    expect(files.map(({ name }) => name)).toContain('cdk.tf.json');
    for (const { parentPath, name } of files) {
      const text = readFileSync(path.join(parentPath, name), 'utf8');
      for (const secret of secrets) expect([name, text.includes(secret)]).toEqual([name, false]);
    }
  });
});
