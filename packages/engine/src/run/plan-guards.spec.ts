import type { CommandRequest } from '../command';
import type { StateRead } from '../state/state-store';
import { found, PaperRun, statusesOf, type PaperStack } from '../testing/paper-run';
import { NOTHING, recorder } from '../testing/recorded-engine';
import { evaluate } from './evaluate';
import { isInScope, planEnvironment, waitingFor } from './plan';
import type { StackResult, StackStatus } from './result';

jest.mock('./stack-engine', () => jest.requireActual('../testing/recorded-engine'));

describe('what a stack waits for', () => {
  const wait = (
    statuses: Readonly<Record<string, StackStatus | readonly [StackStatus, boolean]>>,
    dependencies: readonly string[] = Object.keys(statuses),
  ) => {
    const earlier = Object.entries(statuses).map(([key, given]): [string, StackResult] => {
      const [status, changing] = typeof given === 'string' ? [given] : given;
      return [key, { key, status, reasons: [], seconds: 0, ...(changing === undefined ? {} : { changing }) }];
    });
    return waitingFor({ key: 'e/dev/x', dependencies } as never, new Map(earlier));
  };

  it.each<StackStatus>(['unchanged', 'restamp', 'applied', 'destroyed', 'in-sync'])(
    'is nothing that is %s',
    (status) => expect(wait({ 'e/dev/a': status, 'e/dev/b': 'unchanged' })).toBeUndefined(),
  );

  it.each<StackStatus>(['failed', 'blocked', 'busy'])('blocks it where one of several is %s', (status) => {
    expect(wait({ 'e/dev/a': 'unchanged', 'e/dev/b': status, 'e/dev/c': 'changed' })).toEqual({
      status: 'blocked',
      reasons: [`e/dev/b is ${status}`],
    });
  });

  it.each<[StackStatus, string]>([
    ['new', 'is not applied yet'],
    ['changed', 'is changing'],
    ['waiting', 'is itself waiting'],
    ['protected', 'is protected and not up to date'],
  ])('is what is %s', (status, text) => {
    expect(wait({ 'e/dev/a': 'unchanged', 'e/dev/b': status })).toEqual({
      status: 'waiting',
      reasons: [`e/dev/b ${text}`],
    });
  });

  it('names all that failed, or else all that are not settled', () => {
    expect(wait({ 'e/dev/a': 'failed', 'e/dev/b': 'blocked', 'e/dev/c': 'new' })?.reasons).toEqual([
      'e/dev/a is failed',
      'e/dev/b is blocked',
    ]);
    expect(wait({ 'e/dev/a': 'new', 'e/dev/b': 'unchanged', 'e/dev/c': 'waiting' })?.reasons).toEqual([
      'e/dev/a is not applied yet',
      'e/dev/c is itself waiting',
    ]);
  });

  it('is what another stage leaves changing, with how to apply that', () => {
    expect(wait({ 'e/shared/a': ['changed', true], 'e/dev/b': ['unchanged', false] })).toEqual({
      status: 'waiting',
      reasons: ['e/shared/a is changing: apply it first with -c shared'],
    });
    expect(wait({ 'e/shared/a': ['busy', false] })?.status).toBe('blocked');
    expect(wait({ 'e/dev/a': ['unchanged', true] })).toEqual({
      status: 'waiting',
      reasons: ['e/dev/a is changing'],
    });
  });

  it('is no stack it does not come after, nor one that is not part of the run', () => {
    expect(
      wait({ 'e/dev/a': 'failed', 'e/dev/b': 'unchanged' }, ['e/dev/b', 'e/dev/elsewhere']),
    ).toBeUndefined();
  });
});

describe('a plan', () => {
  const paper = new PaperRun();
  afterAll(() => paper.remove());
  beforeEach(() => recorder.clear());

  /** A stack of this key as it would be after an apply that finished. */
  const appliedAs = async (key: string, stack: PaperStack = {}): Promise<PaperStack> => {
    const stages = { dev: false, prod: false, shared: false };
    const run = paper.of({ stages, stacks: { [key]: { ...stack, state: found() } } });
    const { digest } = await evaluate(run, run.stacks.get(key)!);
    return { ...stack, state: found({ stamp: { digest: digest! } }) };
  };
  const plan = (
    stacks: Readonly<Record<string, PaperStack>>,
    options: {
      readonly request?: Partial<CommandRequest>;
      readonly stages?: Readonly<Record<string, boolean>>;
      readonly removed?: Readonly<Record<string, StateRead>>;
    } = {},
  ): Promise<readonly StackResult[]> => planEnvironment(paper.of({ stacks, ...options }));

  it('starts the engine for what differs only, and tells the rest apart', async () => {
    recorder.plans.set('e/dev/stamp', { ...NOTHING, stampOnly: true });
    recorder.plans.set('e/dev/same', NOTHING);
    const outputs = [{ address: 'o', action: 'update' as const, attributes: [] }];
    recorder.plans.set('e/dev/outputs', { ...NOTHING, outputs });
    const results = await plan({
      'e/dev/unchanged': await appliedAs('e/dev/unchanged'),
      'e/dev/new': {},
      'e/dev/changed': { state: found() },
      'e/dev/stamp': { state: found() },
      'e/dev/same': { state: found() },
      'e/dev/outputs': { state: found() },
      'e/dev/busy': { state: { kind: 'busy', holder: 'root@host, apply' } },
    });
    expect(statusesOf(results)).toEqual({
      'e/dev/unchanged': 'unchanged',
      'e/dev/new': 'new',
      'e/dev/changed': 'changed',
      'e/dev/stamp': 'restamp',
      'e/dev/same': 'restamp',
      'e/dev/outputs': 'changed',
      'e/dev/busy': 'busy',
    });
    expect(recorder.calls.map((call) => call.split(' ')[1]).sort()).toEqual([
      'e/dev/changed',
      'e/dev/new',
      'e/dev/outputs',
      'e/dev/same',
      'e/dev/stamp',
    ]);
    expect(results.at(-1)!.reasons).toEqual([
      'locked: root@host, apply; if that run is dead: npx mlterra unlock e -c dev busy',
    ]);
  });

  it('takes no shortcut where everything is asked for, and still says what is unchanged', async () => {
    const same = await appliedAs('e/dev/a');
    const restamped = await appliedAs('e/dev/b');
    recorder.plans.set('e/dev/a', NOTHING);
    recorder.plans.set('e/dev/b', { ...NOTHING, stampOnly: true });
    const results = await plan({ 'e/dev/a': same, 'e/dev/b': restamped }, { request: { all: true } });
    expect(recorder.calls).toHaveLength(2);
    expect(statusesOf(results)).toEqual({ 'e/dev/a': 'unchanged', 'e/dev/b': 'restamp' });
  });

  it('never plans against what is not there yet, down a chain and past a diamond', async () => {
    const results = await plan({
      'e/dev/a': {},
      'e/dev/b': { after: ['e/dev/a'], state: found() },
      'e/dev/c': await appliedAs('e/dev/c'),
      'e/dev/d': { after: ['e/dev/b', 'e/dev/c'], state: found() },
      'e/dev/e': { after: ['e/dev/c'], state: found() },
      'e/dev/f': { after: ['e/dev/d'], state: found() },
    });
    expect(statusesOf(results)).toEqual({
      'e/dev/a': 'new',
      'e/dev/b': 'waiting',
      'e/dev/c': 'unchanged',
      'e/dev/d': 'waiting',
      'e/dev/e': 'changed',
      'e/dev/f': 'waiting',
    });
    expect(recorder.calls).toHaveLength(2);
  });

  it('blocks all after one that failed or is busy, and only those', async () => {
    recorder.failing.add('e/dev/b');
    const results = await plan({
      'e/dev/a': { state: { kind: 'busy', holder: 'root@host' } },
      'e/dev/b': { state: found() },
      'e/dev/c': { after: ['e/dev/a'], state: found() },
      'e/dev/d': { after: ['e/dev/c'], state: found() },
      'e/dev/e': { after: ['e/dev/b'], state: found() },
      'e/dev/f': { state: found() },
    });
    expect(statusesOf(results)).toEqual({
      'e/dev/a': 'busy',
      'e/dev/b': 'failed',
      'e/dev/c': 'blocked',
      'e/dev/d': 'blocked',
      'e/dev/e': 'blocked',
      'e/dev/f': 'changed',
    });
  });

  it('waits for an output that is missing, whatever the order says', async () => {
    const results = await plan({
      'e/dev/a': { state: found({ outputs: { other: 1 } }) },
      'e/dev/b': { reads: ['e/dev/a#host'], state: found() },
    });
    expect(results[1]).toMatchObject({ status: 'waiting', reasons: ['e/dev/a has no output host yet'] });
  });

  it('shows protected stages too, and of one that is named no other', async () => {
    const stages = { dev: false, prod: true };
    const stacks = { 'e/dev/a': {}, 'e/prod/a': {} };
    const removed = { 'e/dev/old': found(), 'e/prod/old': found(), 'e/gone/old': found() };
    expect(statusesOf(await plan(stacks, { stages, removed }))).toEqual({
      'e/dev/a': 'new',
      'e/prod/a': 'new',
      'e/dev/old': 'removed',
      'e/prod/old': 'removed',
      'e/gone/old': 'removed',
    });
    expect(statusesOf(await plan(stacks, { stages, removed, request: { stage: 'prod' } }))).toEqual({
      'e/prod/a': 'new',
      'e/prod/old': 'removed',
    });
  });

  it('waits for a stage that is not shown while that is changing', async () => {
    const stages = { shared: false, dev: false };
    const dev = { after: ['e/shared/a'], state: found() };
    const request = { stage: 'dev' };
    const changing = await plan({ 'e/shared/a': { state: found() }, 'e/dev/a': dev }, { stages, request });
    expect(changing).toMatchObject([
      { status: 'waiting', reasons: ['e/shared/a is changing: apply it first with -c shared'] },
    ]);
    const settled = await plan(
      { 'e/shared/a': await appliedAs('e/shared/a'), 'e/dev/a': dev },
      { stages, request },
    );
    expect(statusesOf(settled)).toEqual({ 'e/dev/a': 'changed' });
    expect(recorder.calls).toEqual(['plan e/dev/a']);
  });

  it('leaves stages alone that the caller is led elsewhere for, unless something it plans comes after them', async () => {
    const targets = `async () => ({ Daemon: { value: 'here', from: 'DEMO_HOST=here' } })`;
    const hooks = [paper.platform('elsewhere', { targets })];
    const digest = { targets: { Daemon: { value: 'there' } } } as never;
    const elsewhere = { hooks, state: found({ stamp: { digest } }) };
    const stages = { shared: false, dev: false, prod: true };
    const stacks = { 'e/shared/a': elsewhere, 'e/prod/a': elsewhere, 'e/dev/a': {} };
    const request = { stage: 'dev' };
    expect(await plan(stacks, { stages, request })).toMatchObject([{ key: 'e/dev/a', status: 'new' }]);
    const blocked = await plan({ ...stacks, 'e/dev/a': { after: ['e/shared/a'] } }, { stages, request });
    expect(blocked).toMatchObject([
      {
        key: 'e/dev/a',
        status: 'blocked',
        reasons: [
          expect.stringMatching(
            /^e\/shared\/a is failed: DEMO_HOST=here leads to the Daemon here, but e\/shared\/a was/,
          ),
        ],
      },
    ]);
    expect(await plan(stacks, { stages })).toMatchObject([
      { key: 'e/shared/a', status: 'failed', error: { code: 'other-target' } },
      { key: 'e/prod/a', status: 'failed', error: { code: 'other-target' } },
      { key: 'e/dev/a', status: 'new' },
    ]);
    expect(recorder.calls).toEqual(['plan e/dev/a', 'plan e/dev/a']);
  });

  it('replaces with --all what the platforms find down, each once', async () => {
    const probe = `async ({ stack }) => [
      { address: 'x.b', problem: stack + ': b is down' }, { address: 'x.a', problem: stack + ': a is down' },
    ]`;
    const hooks = [paper.platform('probed', { probe }), paper.platform('probed-too', { probe })];
    const [result] = await plan({ 'e/dev/a': { hooks, state: found() } }, { request: { all: true } });
    expect(recorder.calls).toEqual(['plan e/dev/a -replace=x.a -replace=x.b']);
    expect(result!.reasons).toEqual(
      expect.arrayContaining(['a: b is down', 'a: a is down', 'its first apply did not finish']),
    );
    recorder.clear();
    await plan({ 'e/dev/a': { hooks, state: found() } });
    await plan({ 'e/dev/a': { hooks } }, { request: { all: true } });
    expect(recorder.calls).toEqual(['plan e/dev/a', 'plan e/dev/a']);
  });

  it('puts removed stages in scope where no stage is named, but not those left out', () => {
    const run = paper.of({ stages: { dev: false, prod: true }, stacks: {} });
    const scope = (stage: string, request: Partial<CommandRequest> = {}): boolean =>
      isInScope({ ...run, request: { ...run.request, ...request } }, new Set(['dev']), stage);
    expect(['dev', 'prod', 'gone'].map((stage) => scope(stage))).toEqual([true, false, true]);
    expect(['dev', 'prod', 'gone'].map((stage) => scope(stage, { stage: 'prod' }))).toEqual([
      false,
      true,
      false,
    ]);
  });
});
