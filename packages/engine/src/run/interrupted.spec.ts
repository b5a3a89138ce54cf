/** @long */
import { existsSync, readdirSync, readFileSync, rmSync, truncateSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive, killTree } from '../locks/process-tree';
import { Child } from '../testing/child';
import { Fixture, statuses } from '../testing/fixture';
import { Ledger, ledgerEnvironment, type LedgerStacks } from '../testing/ledger';
import { sampleOf } from '../testing/random';

const fixture = new Fixture();
afterAll(() => fixture.remove());

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await sleep(20);
}

function define(name: string, stacks: LedgerStacks): Ledger {
  const ledger = new Ledger(path.join(fixture.root, `${name}.ledger`));
  fixture.environment(name, ledgerEnvironment(name, ledger.file, stacks));
  return ledger;
}

/** Ids in the state, by `<stack>.<resource>`. */
function idsInState(name: string, stack: string): ReadonlyMap<string, string> {
  const { resources } = fixture.state(`${name}/dev/${stack}`);
  return new Map(
    resources
      .filter(({ mode, name: own }) => mode === 'managed' && own !== 'mlterra')
      .map((resource) => {
        const [instance] = resource.instances as { attributes: { id: string } }[];
        return [`${stack}.${resource.name}`, instance!.attributes.id];
      }),
  );
}

function expectBalanced(name: string, ledger: Ledger, stacks: readonly string[]): void {
  const inStates = new Map(stacks.flatMap((stack) => [...idsInState(name, stack)]));
  expect(Object.fromEntries(ledger.living)).toEqual(
    Object.fromEntries([...inStates].map(([key, id]) => [key, [id]])),
  );
  expect(ledger.destroyedTwice).toEqual([]);
}

/** Two resources side by side, and a stack after them. */
const SIDE_BY_SIDE: LedgerStacks = {
  a: { quick: { seconds: 0.4 }, slow: { seconds: 3 } },
  b: { last: { seconds: 0.1 } },
};

describe.each(
  sampleOf(
    [
      ['SIGINT', 130],
      ['SIGTERM', 143],
      ['SIGHUP', 129],
    ] as const,
    1,
  ),
)('%s to the command', (signal, code) => {
  it('stops gracefully, reports, leaves nothing behind, and the next apply goes on', async () => {
    const name = `stop-${signal.toLowerCase()}`;
    const ledger = define(name, SIDE_BY_SIDE);
    const child = new Child('apply', fixture.request(name));
    await until(() => ledger.count('end a.quick') === 1 && ledger.count('begin a.slow') === 1);
    const engines = child.engines();
    expect(engines).toHaveLength(1);
    child.signal(signal);
    expect(await child.ended).toBe(code);

    expect(child.output).toContain(`${signal}: stopping gracefully`);
    expect(child.output).toMatch(new RegExp(`${name}/dev/a .*interrupted`));
    expect(child.output).toMatch(new RegExp(`${name}/dev/b .*interrupted`));
    expect(engines.filter(isAlive)).toEqual([]);
    const folder = path.join(fixture.dir(name), '.mlterra');
    expect(existsSync(path.join(folder, 'run.lock'))).toBe(false);
    const left = readdirSync(folder, { recursive: true }).map(String);
    expect(left.filter((file) => /saved\.plan|journal|synth-|\.output-|lock\.info/.test(file))).toEqual([]);
    // What its shell had started is ended too.
    await sleep(300);
    expect(ledger.count('end a.slow')).toBe(0);

    const resumed = await fixture.run('apply', name);
    expect(statuses(resumed)).toEqual({ [`${name}/dev/a`]: 'applied', [`${name}/dev/b`]: 'applied' });
    expect(ledger.count('end a.quick')).toBe(1);
    expectBalanced(name, ledger, ['a', 'b']);
  }, 120_000);
});

it('a second signal kills the engine and what it runs, and says what may be left', async () => {
  // A program that Terraform waits for although it asked it to stop.
  fixture.environment(
    'twice',
    `
import { defineEnvironment, localState } from '@mlterra/core';
import { DataResource } from 'cdktf';
export default defineEnvironment({
  name: 'twice',
  backend: localState(),
  stages: { dev: { profile: 'development', settings: undefined } },
  build(stage) {
    new DataResource(stage.stack('a'), 'Slow', {
      provisioners: [{ type: 'local-exec', command: 'setsid sh -c "trap : TERM INT; echo \\$\\$ > ${fixture.root}/twice.pid; while :; do sleep 0.2; done"' }],
    });
  },
});`,
  );
  const child = new Child('apply', fixture.request('twice'));
  await until(() => existsSync(`${fixture.root}/twice.pid`));
  const engines = child.engines();
  child.signal('SIGINT');
  await until(() => child.output.includes('stopping gracefully'));
  child.signal('SIGINT');
  expect(await child.ended).toBe(130);
  expect(child.output).toContain('killing the engine');
  expect(engines.filter(isAlive)).toEqual([]);
}, 120_000);

describe('signals that are no second word of a person', () => {
  it.each<[string, NodeJS.ProcessEnv, NodeJS.Signals[]]>([
    ['a terminal that goes away after its Ctrl-C', {}, ['SIGINT', 'SIGHUP']],
    [
      'Nx, which answers Ctrl-C by ending its tasks and their terminal',
      { NX_TASK_TARGET_PROJECT: 'x' },
      ['SIGINT', 'SIGTERM', 'SIGHUP'],
    ],
  ])(
    '%s',
    async (_, env, signals) => {
      const name = `word-${signals.length}`;
      const ledger = define(name, SIDE_BY_SIDE);
      const child = new Child('apply', fixture.request(name), env);
      await until(() => ledger.count('begin a.slow') === 1);
      const [engine] = child.engines();
      // One that needs longer to stop than the signals to follow each other.
      process.kill(engine!.pid, 'SIGSTOP');
      for (const signal of signals) {
        child.signal(signal);
        await sleep(200);
      }
      expect(isAlive(engine!)).toBe(true);
      process.kill(engine!.pid, 'SIGCONT');
      expect(await child.ended).toBe(130);
      expect(child.output).toMatch(new RegExp(`${name}/dev/a .*(interrupted|applied)`));
      expect(child.output).not.toContain('killing the engine');
    },
    120_000,
  );
});

it('a command that is killed with its process tree, as Nx does after Ctrl-C: the engine goes on, and the next run waits for it and reports it', async () => {
  // Still at work when the next command comes.
  const slow = { a: { quick: { seconds: 0.4 }, slow: { seconds: 15 } }, b: { last: { seconds: 0.1 } } };
  const ledger = define('orphan', slow);
  const child = new Child('apply', fixture.request('orphan'));
  await until(() => ledger.count('begin a.slow') === 1);
  const engines = child.engines();
  killTree(child.pid);
  await child.ended;
  expect(engines.filter(isAlive)).toHaveLength(1);

  const busy = await fixture.run('apply', 'orphan', { lockTimeoutSeconds: 0 });
  expect(busy.error).toMatchObject({
    code: 'run-busy',
    message: expect.stringMatching(/The apply of orphan\/dev\/a .* was cut off, but its engine still works/),
  });
  const plan = await fixture.run('plan', 'orphan', { lockTimeoutSeconds: 0 });
  expect(plan.stacks[0]).toMatchObject({
    status: 'busy',
    reasons: [expect.stringMatching(/^being changed by the engine of a run that was cut off: process \d+$/)],
  });
  const resumed = new Child('apply', fixture.request('orphan', { lockTimeoutSeconds: 60 }));
  expect(await resumed.ended).toBe(0);
  expect(resumed.output).toMatch(/note: orphan\/dev\/a: the apply .* was cut off: .*slow: Creation complete/);
  expect(ledger.count('end a.slow')).toBe(1);
  expectBalanced('orphan', ledger, ['a', 'b']);
  expect(statuses(await fixture.run('apply', 'orphan'))).toEqual({
    'orphan/dev/a': 'unchanged',
    'orphan/dev/b': 'unchanged',
  });
}, 120_000);

it('an engine that is killed alone leaves no provisioner running, and the next apply repeats it', async () => {
  const ledger = define('orphans', SIDE_BY_SIDE);
  const child = new Child('apply', fixture.request('orphans'));
  await until(() => ledger.count('begin a.slow') === 1);
  for (const { pid } of child.engines()) process.kill(pid, 'SIGKILL');
  expect(await child.ended).toBe(1);
  expect(child.output).toContain('was killed');
  expect(child.processes()).toEqual([]);
  expect(ledger.count('end a.slow')).toBe(0);
  await fixture.run('apply', 'orphans');
  expectBalanced('orphans', ledger, ['a', 'b']);
}, 120_000);

describe('a shell above the command that ends without passing its signal on', () => {
  const start = async (name: string, env: NodeJS.ProcessEnv): Promise<{ child: Child; ledger: Ledger }> => {
    const ledger = define(name, SIDE_BY_SIDE);
    const child = new Child('apply', fixture.request(name), env, { isBelowShell: true });
    await until(() => ledger.count('begin a.slow') === 1);
    child.signal('SIGTERM');
    // The pipes end with the command.
    await child.ended;
    return { child, ledger };
  };

  it('stops it gracefully where npm started it, and the next run reports it', async () => {
    const { child, ledger } = await start('npx', { npm_command: 'exec' });
    expect(child.output).toContain('SIGTERM: stopping gracefully');
    const next = new Child('apply', fixture.request('npx'));
    expect(await next.ended).toBe(0);
    expect(next.output).toMatch(/note: an earlier apply lost whoever started it, .*npx\/dev\/a interrupted/);
    expectBalanced('npx', ledger, ['a', 'b']);
  }, 120_000);

  it('leaves it alone where a person did', async () => {
    const { child, ledger } = await start('nohup', {
      npm_command: undefined,
      NX_TASK_TARGET_PROJECT: undefined,
    });
    expect(child.output).not.toContain('stopping gracefully');
    expectBalanced('nohup', ledger, ['a', 'b']);
  }, 120_000);
});

describe('a creation that began and was not seen to end', () => {
  const killInTheMiddle = async (name: string): Promise<Ledger> => {
    const ledger = define(name, SIDE_BY_SIDE);
    const child = new Child('apply', fixture.request(name));
    // Terraform writes `slow` into the state when `quick` is through.
    await until(() => ledger.count('end a.quick') === 1);
    await sleep(500);
    await child.kill();
    expect(idsInState(name, 'a').has('a.slow')).toBe(true);
    expect(ledger.count('end a.slow')).toBe(0);
    return ledger;
  };

  const CASES: Readonly<Record<string, () => Promise<void>>> = {
    'is replaced by the next apply, which says so, as does a plan': async () => {
      const ledger = await killInTheMiddle('half');
      const reason = 'terraform_data.slow is replaced: its creation began and was never seen to end';
      const plan = await fixture.run('plan', 'half');
      expect(plan.stacks[0]!.reasons).toContain(reason);
      expect(plan.stacks[0]!.plan!.resources).toEqual([
        expect.objectContaining({ address: 'terraform_data.slow', action: 'replace' }),
      ]);
      const applied = await fixture.run('apply', 'half');
      expect(applied.stacks[0]!.reasons).toContain(reason);
      expect(ledger.count('end a.slow')).toBe(1);
      expect(ledger.count('end a.quick')).toBe(1);
      expectBalanced('half', ledger, ['a', 'b']);
      expect(Object.values(statuses(await fixture.run('apply', 'half')))).toEqual(['unchanged', 'unchanged']);
    },

    'is replaced also where a killed apply came between': async () => {
      const ledger = await killInTheMiddle('again');
      const child = new Child('apply', fixture.request('again'));
      await until(() => ledger.count('begin a.slow') === 2);
      await child.kill();
      await fixture.run('apply', 'again');
      expect(ledger.count('end a.slow')).toBe(1);
      expectBalanced('again', ledger, ['a', 'b']);
    },

    'is put right also where the kill came while the state was being written': async () => {
      const ledger = await killInTheMiddle('torn');
      const file = fixture.stateFile('torn/dev/a');
      // As Terraform leaves it: it writes in place.
      truncateSync(file, 40);
      const torn = await fixture.run('plan', 'torn');
      expect(statuses(torn)).toEqual({ 'torn/dev/a': 'changed', 'torn/dev/b': 'waiting' });
      expect(torn.stacks[0]!.reasons).toEqual(
        expect.arrayContaining([
          expect.stringMatching(/^terraform_data\.quick is imported: a killed run created/),
        ]),
      );
      expect(torn.stacks[0]!.plan!.resources).toContainEqual(
        expect.objectContaining({
          address: 'terraform_data.quick',
          importId: ledger.living.get('a.quick')![0],
        }),
      );
      expect(readFileSync(`${file}.cut-off`, 'utf8')).toHaveLength(40);
      const applied = await fixture.run('apply', 'torn');
      expect(statuses(applied)).toEqual({ 'torn/dev/a': 'applied', 'torn/dev/b': 'applied' });
      // What `terraform_data` is imported without, its triggers, replaces it: the balance counts.
      expectBalanced('torn', ledger, ['a', 'b']);
    },

    'is an error where the state is torn, and no journal says what was done': async () => {
      await killInTheMiddle('lost');
      const stacks = path.join(fixture.dir('lost'), '.mlterra', 'stacks', 'dev-a');
      for (const name of ['journal.json', 'journal.jsonl']) rmSync(path.join(stacks, name));
      const file = fixture.stateFile('lost/dev/a');
      truncateSync(file, 0);
      const [failed] = (await fixture.run('apply', 'lost')).stacks;
      expect(failed!.error).toMatchObject({ code: 'state-corrupt' });
      expect(readFileSync(file, 'utf8')).toBe('');
    },

    'is destroyed by a destroy': async () => {
      const ledger = await killInTheMiddle('undone');
      const destroyed = await fixture.run('destroy', 'undone', { yes: true });
      expect(statuses(destroyed)).toEqual({ 'undone/dev/a': 'destroyed', 'undone/dev/b': 'absent' });
      expect([...ledger.living.values()].flat()).toEqual([]);
      expect(fixture.state('undone/dev/a').resources).toEqual([]);
    },

    'is replaced by whoever runs next, from a checkout without the journal too': async () => {
      const ledger = await killInTheMiddle('elsewhere');
      const stacks = path.join(fixture.dir('elsewhere'), '.mlterra', 'stacks', 'dev-a');
      for (const file of ['journal.json', 'journal.jsonl']) rmSync(path.join(stacks, file));
      const applied = await fixture.run('apply', 'elsewhere');
      expect(applied.stacks[0]!.reasons).toEqual(
        expect.arrayContaining([
          expect.stringMatching(/slow is replaced: the apply of .* whether its provisioners ran/),
        ]),
      );
      expect(ledger.count('end a.slow')).toBe(1);
      expectBalanced('elsewhere', ledger, ['a', 'b']);
    },
  };

  it.each(sampleOf(Object.keys(CASES), 3))('%s', (title) => CASES[title]!(), 120_000);
});
