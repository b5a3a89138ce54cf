import { CreateBucketCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { startS3 } from '@mlterra/testbed';
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createStateReader } from '../state/state-reader';
import { Child } from '../testing/child';
import { Fixture, statuses } from '../testing/fixture';
import { Ledger, ledgerEnvironment, type LedgerStacks } from '../testing/ledger';
import { seededRandom } from '../testing/random';
import { unlockEnvironment } from './unlock';

// As the state reader sets it, before the client of this spec is made.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';

const isFull = process.env['MLTERRA_TEST_FULL'] === '1';
/** The same hundred kills in the full tier, five others in every other run. */
const SEED = isFull ? 20261130 : Number(process.env['MLTERRA_TEST_SEED'] ?? Math.abs(jest.getSeed()));
const KILLS = Number(process.env['MLTERRA_CHAOS_KILLS'] ?? (isFull ? 100 : 5));

const WAYS = ['everything', 'engine', 'node', 'SIGTERM', 'SIGINT', 'SIGINT twice'] as const;
const PHASES = ['first apply', 'change', 'destroy'] as const;
const BACKENDS = ['local', 'S3'] as const;
type Way = (typeof WAYS)[number];

/** Every combination before any comes again, in an order that depends on the seed. */
function* trials(): Generator<{
  way: Way;
  phase: (typeof PHASES)[number];
  backend: (typeof BACKENDS)[number];
}> {
  const random = seededRandom(SEED);
  for (;;) {
    const all = WAYS.flatMap((way) =>
      PHASES.flatMap((phase) => BACKENDS.map((backend) => ({ way, phase, backend }))),
    );
    while (all.length > 0) yield all.splice(Math.floor(random() * all.length), 1)[0]!;
  }
}

/** Two stacks with resources side by side and one after the other. */
const stacks = (version: string): LedgerStacks => ({
  a: {
    quick: { seconds: 0.2, version },
    slow: { seconds: 1.2, version },
    fixed: { seconds: 0.3 },
    late: { seconds: 0.2, version, after: ['quick'] },
  },
  b: { one: { seconds: 0.4, version }, other: { seconds: 0.1 } },
});
const NAMES = ['a.quick', 'a.slow', 'a.fixed', 'a.late', 'b.one', 'b.other'];

describe(`runs that are killed (${KILLS} kills, seed ${SEED})`, () => {
  const fixture = new Fixture();
  let s3: Awaited<ReturnType<typeof startS3>>;
  let client: S3Client;
  beforeAll(async () => {
    s3 = await startS3();
    const { endpoint, region, accessKeyId, secretAccessKey } = s3;
    client = new S3Client({
      endpoint,
      region,
      forcePathStyle: true,
      credentials: { accessKeyId, secretAccessKey },
    });
    await client.send(new CreateBucketCommand({ Bucket: 'chaos' }));
    Object.assign(process.env, { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey });
  }, 600_000);
  afterAll(async () => {
    client.destroy();
    await s3.stop();
    fixture.remove();
  });

  const next = trials();
  const moments = seededRandom(SEED + 1);
  it.each(Array.from({ length: KILLS }, (_, index) => ({ index, ...next.next().value!, moment: moments() })))(
    '$index: $way, $phase, states on $backend',
    async ({ index, way, phase, backend, moment }) => {
      const name = `chaos-${index}`;
      const ledger = new Ledger(path.join(fixture.root, `${name}.ledger`));
      mkdirSync(fixture.root, { recursive: true });
      const define = (version: string): void =>
        void fixture.environment(
          name,
          ledgerEnvironment(
            name,
            ledger.file,
            stacks(version),
            backend === 'local'
              ? 'localState()'
              : `s3State({ bucket: 'chaos', region: '${s3.region}', endpoint: '${s3.endpoint}' })`,
          ),
        );
      const run = (command: 'apply' | 'destroy' | 'plan') =>
        fixture.run(command, name, { yes: true, lockTimeoutSeconds: 60 });
      define('1');
      if (phase !== 'first apply') {
        await run('apply');
        define('2');
      }

      const command = phase === 'destroy' ? 'destroy' : 'apply';
      const before = ledger.lines.length;
      const child = new Child(command, fixture.request(name, { yes: true, lockTimeoutSeconds: 60 }));
      while (ledger.lines.length === before) await sleep(5);
      await sleep(2500 * moment * (phase === 'destroy' ? 0.3 : 1));
      await end(child, way);

      // No state is taken for finished that is not.
      if (way !== 'node') await unlocked(name);
      const seen = statuses(await run('plan'));
      for (const stack of ['a', 'b']) {
        const status = seen[`${name}/dev/${stack}`];
        if (command === 'apply' && !isComplete(ledger, stack, phase)) expect(status).not.toBe('unchanged');
      }

      const resumed = await run(command);
      expect(resumed.error).toBeUndefined();
      expect(resumed.stacks.map(({ error }) => error)).toEqual([undefined, undefined]);
      // Nothing lost, nothing doubled: what lives is what the states hold.
      const states = await idsInStates(name, backend);
      expect(Object.fromEntries([...ledger.living].filter(([, ids]) => ids.length > 0))).toEqual(
        Object.fromEntries([...states].map(([resource, id]) => [resource, [id]])),
      );
      expect([...states.keys()].sort()).toEqual(command === 'destroy' ? [] : [...NAMES].sort());
      const again = await run(command);
      expect(Object.values(statuses(again))).toEqual(
        command === 'destroy' ? ['absent', 'absent'] : ['unchanged', 'unchanged'],
      );
      expect(await leftovers(name)).toEqual([]);
    },
    300_000,
  );

  it('are put right by their journal: without it, what a server was not told of is created twice', async () => {
    const name = 'forgotten';
    const ledger = new Ledger(path.join(fixture.root, `${name}.ledger`));
    const backend = `s3State({ bucket: 'chaos', region: '${s3.region}', endpoint: '${s3.endpoint}' })`;
    const only: LedgerStacks = { a: { quick: { seconds: 0.1 }, slow: { seconds: 3 } } };
    fixture.environment(name, ledgerEnvironment(name, ledger.file, only, backend));
    const child = new Child('apply', fixture.request(name));
    while (ledger.count('end a.quick') === 0) await sleep(5);
    await sleep(300);
    await child.kill();
    await unlocked(name);
    const folder = path.join(fixture.dir(name), '.mlterra', 'stacks', 'dev-a');
    for (const file of ['journal.json', 'journal.jsonl']) rmSync(path.join(folder, file));
    await fixture.run('apply', name);
    expect(ledger.living.get('a.quick')).toHaveLength(2);
  }, 120_000);

  async function end(child: Child, way: Way): Promise<void> {
    if (way === 'everything') return child.kill();
    if (way === 'engine') {
      for (const { pid } of child.engines()) process.kill(pid, 'SIGKILL');
    } else if (way === 'node') {
      child.signal('SIGKILL');
    } else {
      child.signal(way === 'SIGTERM' ? 'SIGTERM' : 'SIGINT');
      if (way === 'SIGINT twice') {
        await sleep(100);
        child.signal('SIGINT');
      }
    }
    await child.ended;
  }

  /** A killed engine leaves its lock on a server. */
  async function unlocked(name: string): Promise<void> {
    const said: string[] = [];
    const write = (text: unknown): boolean => said.push(String(text)) > 0;
    const spies = [process.stdout, process.stderr].map((stream) =>
      jest.spyOn(stream, 'write').mockImplementation(write),
    );
    const code = await unlockEnvironment({ environmentDir: fixture.dir(name), yes: true });
    spies.forEach((spy) => spy.mockRestore());
    expect(code === 0 ? '' : said.join('')).toBe('');
  }

  /** Whether the ledger says that all of a stack is there, in its last version. */
  function isComplete(ledger: Ledger, stack: string, phase: string): boolean {
    const expected = phase === 'first apply' ? 1 : 2;
    return NAMES.filter((resource) => resource.startsWith(stack)).every((resource) => {
      const once = ['a.fixed', 'b.other'].includes(resource);
      return ledger.count(`end ${resource}`) >= (once ? 1 : expected);
    });
  }

  async function idsInStates(name: string, backend: string): Promise<ReadonlyMap<string, string>> {
    const reader = createStateReader({ environmentDir: fixture.dir(name) });
    try {
      const ids = new Map<string, string>();
      for (const stack of ['a', 'b']) {
        const key = `${name}/dev/${stack}`;
        const location =
          backend === 'local'
            ? { type: 'local' as const, path: `../../state/${key}.tfstate` }
            : {
                type: 's3' as const,
                bucket: 'chaos',
                key: `${key}.tfstate`,
                region: s3.region,
                endpoint: s3.endpoint,
                usePathStyle: true,
              };
        const read = await reader.read(location);
        if (read.kind !== 'state') continue;
        for (const { mode, name: resource, instances } of read.state.resources) {
          if (mode !== 'managed' || resource === 'mlterra') continue;
          ids.set(`${stack}.${resource}`, (instances[0]!.attributes as { id: string }).id);
        }
      }
      return ids;
    } finally {
      await reader.close();
    }
  }

  /** Locks, plans, journals and folders that nobody needs. */
  async function leftovers(name: string): Promise<readonly string[]> {
    const folder = path.join(fixture.dir(name), '.mlterra');
    const files = existsSync(folder) ? readdirSync(folder, { recursive: true }).map(String) : [];
    const objects = await client.send(new ListObjectsV2Command({ Bucket: 'chaos', Prefix: `${name}/` }));
    return [
      ...files.filter((file) =>
        /saved\.plan|journal|synth-|\.output-|\.lock$|lock\.info|marked|imports/.test(file),
      ),
      ...(objects.Contents ?? []).map(({ Key }) => Key!).filter((key) => key.endsWith('.tflock')),
    ];
  }
});
