import type { CommandRequest } from '../command';
import type { StateRead } from '../state/state-store';
import { found, PaperRun, statusesOf, type PaperStack } from '../testing/paper-run';
import { NOTHING, recorder } from '../testing/recorded-engine';
import { applyEnvironment, type ApplyOutcome } from './apply';
import { evaluate } from './evaluate';

jest.mock('./stack-engine', () => jest.requireActual('../testing/recorded-engine'));

describe('an apply', () => {
  const paper = new PaperRun();
  afterAll(() => paper.remove());
  beforeEach(() => recorder.clear());

  /** A stack of this key as it would be after an apply that finished. */
  const appliedAs = async (key: string, stack: PaperStack = {}): Promise<PaperStack> => {
    const run = paper.of({ stacks: { [key]: { ...stack, state: found() } } });
    const { digest } = await evaluate(run, run.stacks.get(key)!);
    return { ...stack, state: found({ stamp: { digest: digest! } }) };
  };
  const apply = (
    stacks: Readonly<Record<string, PaperStack>>,
    options: {
      readonly request?: Partial<CommandRequest>;
      readonly stages?: Readonly<Record<string, boolean>>;
      readonly removed?: Readonly<Record<string, StateRead>>;
    } = {},
  ): Promise<ApplyOutcome> => applyEnvironment(paper.of({ stacks, ...options }));
  const after = (...dependencies: string[]): StateRead => found({ stamp: { dependencies } });

  it('applies what differs, in order, and leaves the rest alone', async () => {
    recorder.plans.set('e/dev/c', NOTHING);
    recorder.plans.set('e/dev/d', { ...NOTHING, stampOnly: true });
    recorder.plans.set('e/dev/e', {
      ...NOTHING,
      drift: [{ address: 'x', action: 'update', attributes: [] }],
    });
    const { stacks } = await apply({
      'e/dev/b': { after: ['e/dev/a'], state: found() },
      'e/dev/a': {},
      'e/dev/c': { state: found() },
      'e/dev/d': { state: found() },
      'e/dev/e': { state: found() },
      'e/dev/u': await appliedAs('e/dev/u'),
    });
    expect(statusesOf(stacks)).toEqual({
      'e/dev/a': 'applied',
      'e/dev/b': 'applied',
      'e/dev/c': 'unchanged',
      'e/dev/d': 'unchanged',
      'e/dev/e': 'unchanged',
      'e/dev/u': 'unchanged',
    });
    const done = recorder.calls
      .filter((call) => call.startsWith('applied'))
      .map((call) => call.split(' ')[1]);
    expect([...done].sort()).toEqual(['e/dev/a', 'e/dev/b', 'e/dev/d', 'e/dev/e']);
    expect(done.indexOf('e/dev/a')).toBeLessThan(done.indexOf('e/dev/b'));
    expect(recorder.calls).not.toContainEqual(expect.stringContaining('e/dev/u'));
  });

  it('blocks what comes after a failure, however far, and no other', async () => {
    recorder.failing.add('e/dev/a');
    const { stacks } = await apply({
      'e/dev/a': {},
      'e/dev/b': { after: ['e/dev/a'] },
      'e/dev/c': { after: ['e/dev/b'] },
      'e/dev/d': { after: ['e/dev/c', 'e/dev/x'] },
      'e/dev/x': {},
      'e/dev/y': { after: ['e/dev/x'] },
    });
    expect(statusesOf(stacks)).toEqual({
      'e/dev/a': 'failed',
      'e/dev/b': 'blocked',
      'e/dev/c': 'blocked',
      'e/dev/d': 'blocked',
      'e/dev/x': 'applied',
      'e/dev/y': 'applied',
    });
  });

  it('waits for an output that an upstream, although applied, does not have', async () => {
    const { stacks } = await apply({
      'e/dev/a': { state: found() },
      'e/dev/b': { after: ['e/dev/a'], reads: ['e/dev/a#host'] },
      'e/dev/c': { after: ['e/dev/b'] },
    });
    expect(statusesOf(stacks)).toEqual({ 'e/dev/a': 'applied', 'e/dev/b': 'waiting', 'e/dev/c': 'waiting' });
  });

  describe('of several stages', () => {
    const stages = { shared: true, dev: false, test: false, prod: true, live: true };

    it('leaves protected ones alone, and names those that differ', async () => {
      const { stacks, notes } = await apply(
        {
          'e/shared/a': await appliedAs('e/shared/a'),
          'e/dev/a': {},
          'e/test/a': {},
          'e/prod/a': {},
          'e/prod/b': {},
          'e/live/a': await appliedAs('e/live/a'),
        },
        { stages },
      );
      expect(statusesOf(stacks)).toEqual({
        'e/dev/a': 'applied',
        'e/test/a': 'applied',
        'e/prod/a': 'protected',
        'e/prod/b': 'protected',
      });
      expect(stacks.find(({ key }) => key === 'e/prod/a')!.reasons).toEqual(['needs -c prod']);
      expect(notes).toEqual(['the stage prod is protected: needs -c prod']);
      expect(recorder.calls).not.toContainEqual(expect.stringMatching(/e\/(prod|live|shared)/));
    });

    it('applies a protected one that is named, and no other', async () => {
      const { stacks, notes } = await apply(
        { 'e/dev/a': {}, 'e/prod/a': {}, 'e/live/a': {} },
        { stages, request: { stage: 'prod' } },
      );
      expect(statusesOf(stacks)).toEqual({ 'e/prod/a': 'applied' });
      expect(notes).toEqual([]);
      expect(recorder.calls).toEqual(['planAndApply e/prod/a', 'applied e/prod/a']);
    });

    it('lets a stage wait while a protected one below it is changing', async () => {
      const below: PaperStack = { after: ['e/shared/a'] };
      const { stacks } = await apply({ 'e/shared/a': { state: found() }, 'e/dev/a': below }, { stages });
      expect(stacks).toMatchObject([
        { key: 'e/shared/a', status: 'protected' },
        {
          key: 'e/dev/a',
          status: 'waiting',
          reasons: ['e/shared/a is protected and not up to date: apply it first with -c shared'],
        },
      ]);
      expect(recorder.calls).toEqual([]);
    });

    it.each<[string, StateRead]>([
      ['busy', { kind: 'busy', holder: 'root@host' }],
      ['encrypted', { kind: 'opaque', reason: 'the state is encrypted' }],
    ])('does not go on above a stage that is left alone and %s', async (_, state) => {
      const { stacks } = await apply(
        { 'e/shared/a': { state }, 'e/dev/a': { after: ['e/shared/a'] } },
        { stages, request: { stage: 'dev' } },
      );
      expect(['waiting', 'blocked']).toContain(stacks[0]!.status);
      expect(recorder.calls).toEqual([]);
    });
  });

  describe('with removed stacks', () => {
    const stages = { dev: false, prod: true };
    const removed = {
      'e/dev/old': after('e/dev/a'),
      'e/dev/older': after('e/dev/old'),
      'e/prod/old': after('e/prod/a'),
      'e/gone/old': after(),
    };
    const destroyed = (): readonly string[] =>
      recorder.calls.filter((call) => call.startsWith('destroy')).map((call) => call.split(' ')[1]!);

    it('destroys none that it was not told to, and holds back what they still need', async () => {
      const { stacks } = await apply(
        { 'e/dev/a': { state: found() }, 'e/dev/b': { state: found() }, 'e/dev/c': { after: ['e/dev/a'] } },
        { stages, removed },
      );
      expect(destroyed()).toEqual([]);
      expect(statusesOf(stacks)).toEqual({
        'e/dev/a': 'blocked',
        'e/dev/b': 'applied',
        'e/dev/c': 'blocked',
        'e/dev/old': 'removed',
        'e/dev/older': 'removed',
        'e/gone/old': 'removed',
      });
      expect(stacks[0]!.reasons).toEqual([
        'e/dev/old was removed from the source and must be destroyed first',
      ]);
      expect(stacks.at(-1)!.reasons[0]).toMatch(
        /no longer in the source; apply --destroy-removed destroys it$/,
      );
    });

    it('never destroys those of a protected stage that was not named', async () => {
      const { stacks } = await apply(
        { 'e/dev/a': { state: found() }, 'e/prod/a': {} },
        { stages, removed, request: { destroyRemoved: true } },
      );
      expect([...destroyed()].sort()).toEqual(['e/dev/old', 'e/dev/older', 'e/gone/old']);
      expect(stacks.map(({ key }) => key)).not.toContain('e/prod/old');
    });

    it('destroys those of the stage that is named only', async () => {
      await apply(
        { 'e/dev/a': {}, 'e/prod/a': {} },
        { stages, removed, request: { destroyRemoved: true, stage: 'prod' } },
      );
      expect(destroyed()).toEqual(['e/prod/old']);
    });

    it('destroys them after one another, before what they came after is applied', async () => {
      const { stacks } = await apply(
        { 'e/dev/a': { state: found() } },
        { stages, removed, request: { destroyRemoved: true } },
      );
      const calls = recorder.calls.map((call) => call.split(' ').slice(0, 2).join(' '));
      const order = ['destroy e/dev/older', 'destroy e/dev/old', 'planAndApply e/dev/a'];
      expect(calls.filter((call) => order.includes(call))).toEqual(order);
      expect(statusesOf(stacks)).toMatchObject({ 'e/dev/a': 'applied', 'e/dev/old': 'destroyed' });
    });

    it('keeps what one needs that could not be destroyed, through a chain of removed ones', async () => {
      recorder.failing.add('e/dev/oldest');
      const { stacks } = await apply(
        { 'e/dev/a': { state: found() } },
        {
          stages,
          removed: { ...removed, 'e/dev/oldest': after('e/dev/older') },
          request: { destroyRemoved: true },
        },
      );
      expect(statusesOf(stacks)).toMatchObject({
        'e/dev/oldest': 'failed',
        'e/dev/older': 'blocked',
        'e/dev/old': 'blocked',
        'e/gone/old': 'destroyed',
        'e/dev/a': 'blocked',
      });
      expect(stacks.find(({ key }) => key === 'e/dev/old')!.reasons).toEqual(['e/dev/older still needs it']);
    });

    it('lets an upstream be that does not change, although a removed stack came after it', async () => {
      const { stacks } = await apply({ 'e/dev/a': await appliedAs('e/dev/a') }, { stages, removed });
      expect(statusesOf(stacks)).toMatchObject({ 'e/dev/a': 'unchanged' });
    });
  });

  describe('asks the platforms before it plans', () => {
    const prepare = (name: string) =>
      paper.platform(name, {
        prepare: `async ({ stack, resources, data, report, ended }) => {
          report('looked at ' + stack);
          ended.addEventListener('abort', () => record(['ended', stack]));
          record([stack, resources, data, ended.aborted]);
        }`,
      });

    it('each of them, with what is in the state, and tells them when it has ended', async () => {
      const one = { ...prepare('one'), data: 1 };
      const two = { ...prepare('two'), data: 2 };
      paper.notes.length = 0;
      await apply({ 'e/dev/a': { hooks: [one, two], state: found() } });
      const resources = [{ address: 'terraform_data.R', id: 'id-of-R' }];
      expect(one.recorded).toEqual([
        ['a', resources, 1, false],
        ['ended', 'a'],
      ]);
      expect(two.recorded[0]).toEqual(['a', resources, 2, false]);
      expect(paper.notes).toEqual(['e/dev/a: looked at a', 'e/dev/a: looked at a']);
    });

    it('also for the first time, and where the apply fails', async () => {
      const hooks = [prepare('failing')];
      recorder.failing.add('e/dev/a');
      await apply({ 'e/dev/a': { hooks } });
      expect(hooks[0]!.recorded).toEqual([
        ['a', [], {}, false],
        ['ended', 'a'],
      ]);
    });

    it('not where the state is not to be read, or nothing is to be done', async () => {
      const hooks = [prepare('not-asked')];
      await apply({
        'e/dev/a': { hooks, state: { kind: 'busy', holder: 'root@host' } },
        'e/dev/b': { hooks, state: { kind: 'opaque', reason: 'the state is encrypted' } },
        'e/dev/c': await appliedAs('e/dev/c', { hooks }),
      });
      expect(hooks[0]!.recorded).toEqual([]);
    });
  });
});
