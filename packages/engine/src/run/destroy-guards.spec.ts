import type { CommandRequest } from '../command';
import type { StateRead } from '../state/state-store';
import { found, PaperRun, resource, stateFile, statusesOf, type PaperStack } from '../testing/paper-run';
import { recorder } from '../testing/recorded-engine';
import { appliedStacks, destroyEnvironment, destroyScope } from './destroy';

jest.mock('./stack-engine', () => jest.requireActual('../testing/recorded-engine'));

/** What cannot be told to be empty. */
const UNTOLD: readonly [string, StateRead][] = [
  ['is locked', { kind: 'busy', holder: 'root@host, apply' }],
  [
    'is locked and was empty',
    { kind: 'busy', holder: 'root@host, apply', state: stateFile({ resources: [] }) },
  ],
  ['is encrypted', { kind: 'opaque', reason: 'the state is encrypted' }],
];

describe('the guards of a destroy', () => {
  const paper = new PaperRun();
  afterAll(() => paper.remove());
  beforeEach(() => recorder.clear());

  const destroy = async (
    stacks: Readonly<Record<string, PaperStack>>,
    options: {
      readonly stages?: Readonly<Record<string, boolean>>;
      readonly removed?: Readonly<Record<string, StateRead>>;
      readonly request?: Partial<CommandRequest>;
    } = {},
  ) => {
    const run = paper.of({ stacks, ...options });
    return destroyEnvironment(run, await destroyScope(run));
  };
  const a = { state: found() };
  const b = { state: found(), after: ['e/dev/a'] };
  const c = { state: found(), after: ['e/dev/b'] };
  const d = { state: found(), after: ['e/dev/c'] };

  it('destroy each stack after those that need it', async () => {
    const results = await destroy({ 'e/dev/a': a, 'e/dev/b': b, 'e/dev/c': c, 'e/dev/d': d });
    expect(recorder.calls.map((call) => call.split(' ')[1])).toEqual([
      'e/dev/d',
      'e/dev/c',
      'e/dev/b',
      'e/dev/a',
    ]);
    expect(results.map(({ status }) => status)).toEqual(Array(4).fill('destroyed'));
  });

  it('keep everything a failed stack needs, however far down the chain', async () => {
    recorder.failing.add('e/dev/d');
    const results = await destroy({ 'e/dev/a': a, 'e/dev/b': b, 'e/dev/c': c, 'e/dev/d': d });
    expect(statusesOf(results)).toEqual({
      'e/dev/a': 'in-use',
      'e/dev/b': 'in-use',
      'e/dev/c': 'in-use',
      'e/dev/d': 'failed',
    });
    expect(recorder.calls).toHaveLength(1);
    expect(results.map(({ reasons }) => reasons)).toEqual([
      ['e/dev/b could not be destroyed'],
      ['e/dev/c could not be destroyed'],
      ['e/dev/d could not be destroyed'],
      [],
    ]);
  });

  it('keep what one of two consumers needs, and destroy the other one', async () => {
    recorder.failing.add('e/dev/c');
    const results = await destroy({
      'e/dev/a': a,
      'e/dev/b': b,
      'e/dev/c': { state: found(), after: ['e/dev/a'] },
      'e/dev/d': { state: found(), after: ['e/dev/b', 'e/dev/c'] },
      'e/dev/x': { state: found() },
    });
    expect(statusesOf(results)).toEqual({
      'e/dev/a': 'in-use',
      'e/dev/b': 'destroyed',
      'e/dev/c': 'failed',
      'e/dev/d': 'destroyed',
      'e/dev/x': 'destroyed',
    });
    expect(results[0]!.reasons).toEqual(['e/dev/c could not be destroyed']);
  });

  it('keep what a removed stack needs that cannot be destroyed, through another removed one', async () => {
    recorder.failing.add('e/dev/z');
    const results = await destroy(
      { 'e/dev/a': a },
      {
        removed: {
          'e/dev/y': found({ stamp: { dependencies: ['e/dev/a'] } }),
          'e/dev/z': found({ stamp: { dependencies: ['e/dev/y'] } }),
        },
      },
    );
    expect(statusesOf(results)).toEqual({ 'e/dev/y': 'in-use', 'e/dev/z': 'failed', 'e/dev/a': 'in-use' });
  });

  it.each(UNTOLD)('take a state that %s for one with something in it', async (_, state) => {
    const results = await destroy({ 'e/dev/a': { state } });
    expect(recorder.calls).toEqual(['destroy e/dev/a']);
    expect(statusesOf(results)).toEqual({ 'e/dev/a': 'destroyed' });
  });

  it.each<[string, StateRead]>([
    ['absent', { kind: 'absent' }],
    ['empty', found({ resources: [] })],
    ['of what was only read', found({ resources: [resource('R', { mode: 'data' })] })],
  ])('do not start the engine where the state is %s', async (_, state) => {
    const results = await destroy({ 'e/dev/a': { state }, 'e/dev/b': b });
    expect(recorder.calls).toEqual(['destroy e/dev/b']);
    expect(statusesOf(results)).toMatchObject({ 'e/dev/a': 'absent' });
  });

  it('refresh only where every output that is read can be read', async () => {
    const reads = ['e/dev/a#x', 'e/dev/b#y'];
    await destroy({ 'e/dev/a': a, 'e/dev/b': b, 'e/dev/c': { ...c, reads } });
    await destroy({ 'e/dev/a': a, 'e/dev/b': { after: ['e/dev/a'] }, 'e/dev/c': { ...c, reads } });
    expect(recorder.calls).toEqual([
      'destroy e/dev/c',
      'destroy e/dev/b',
      'destroy e/dev/a',
      'destroy e/dev/c -refresh=false',
      'destroy e/dev/a',
    ]);
  });

  describe('with stacks that stay', () => {
    const stages = { shared: false, dev: false, prod: true };
    const onShared = (state: StateRead): PaperStack => ({ state, after: ['e/shared/net'] });

    it('keep what they need, and name all of them', async () => {
      const results = await destroy(
        {
          'e/shared/net': a,
          'e/shared/other': a,
          'e/dev/a': onShared(found()),
          'e/prod/a': onShared(found()),
          'e/prod/b': onShared({ kind: 'absent' }),
        },
        { stages, request: { stage: 'shared' } },
      );
      expect(statusesOf(results)).toEqual({ 'e/shared/net': 'in-use', 'e/shared/other': 'destroyed' });
      expect(results[0]!.reasons).toEqual(['e/dev/a still needs it', 'e/prod/a still needs it']);
      expect(recorder.calls).toEqual(['destroy e/shared/other']);
    });

    it.each(UNTOLD)('keep what one needs whose state %s', async (_, state) => {
      const results = await destroy({ 'e/shared/net': a, 'e/prod/a': onShared(state) }, { stages });
      expect(statusesOf(results)).toEqual({ 'e/shared/net': 'in-use' });
      expect(recorder.calls).toEqual([]);
    });

    it('destroy what only stacks need that are absent', async () => {
      const results = await destroy(
        { 'e/shared/net': a, 'e/prod/a': onShared({ kind: 'absent' }) },
        { stages },
      );
      expect(statusesOf(results)).toEqual({ 'e/shared/net': 'destroyed' });
    });
  });

  describe('decide what is destroyed', () => {
    const stages = { shared: true, dev: false, test: false, prod: true, live: true };
    const stacks = {
      'e/shared/a': a,
      'e/dev/a': a,
      'e/test/a': a,
      'e/prod/a': a,
      'e/prod/b': a,
      'e/live/a': {},
    };
    const removed = {
      'e/dev/old': found(),
      'e/prod/old': found(),
      'e/shared/old': found(),
      'e/test/old': found(),
      'e/gone/old': found(),
    };
    const scope = async (request: Partial<CommandRequest> = {}, more: Record<string, PaperStack> = {}) => {
      const run = paper.of({ stages, stacks: { ...stacks, ...more }, removed, request });
      const chosen = await destroyScope(run);
      return {
        stacks: chosen.stacks.map(({ key }) => key),
        removed: chosen.removed.map(({ key }) => key),
        protectedStages: chosen.protectedStages,
      };
    };

    it('leaves protected stages alone, those with something in them by name, and their removed stacks', async () => {
      expect(await scope()).toEqual({
        stacks: ['e/dev/a', 'e/test/a'],
        removed: ['e/dev/old', 'e/gone/old', 'e/test/old'],
        protectedStages: ['shared', 'prod'],
      });
    });

    it.each(UNTOLD)('names a protected stage whose only state %s', async (_, state) => {
      const { protectedStages } = await scope({}, { 'e/live/a': { state } });
      expect(protectedStages).toEqual(['shared', 'prod', 'live']);
    });

    it('takes one stage and its removed stacks, and speaks of no other', async () => {
      expect(await scope({ stage: 'test' })).toEqual({
        stacks: ['e/test/a'],
        removed: ['e/test/old'],
        protectedStages: [],
      });
    });

    it.each(['prod', 'shared', 'live'])(
      'refuses %s, which is protected, although it is named',
      async (stage) => {
        await expect(scope({ stage })).rejects.toThrow(new RegExp(`${stage}.* protected`));
      },
    );

    it('asks for providers of those only that have something in their state', async () => {
      const run = paper.of({
        stacks: {
          'e/dev/a': a,
          'e/dev/b': {},
          'e/dev/c': { state: UNTOLD[0]![1] },
          'e/dev/d': { state: found({ resources: [] }) },
        },
      });
      const applied = await appliedStacks(run, await destroyScope(run));
      expect(applied.map(({ key }) => key)).toEqual(['e/dev/a', 'e/dev/c']);
    });
  });

  it('say that a stack was destroyed of which only the platform had something', async () => {
    const release = `async (context) => { record([context.stack, context.purge]); return { released: context.stack === 'a' ? ['process x'] : [], kept: ['data'], left: [] }; }`;
    const one = paper.platform('released-one', { release });
    const two = paper.platform('released-two', { release });
    const results = await destroy({
      'e/dev/a': { hooks: [one, two] },
      'e/dev/b': { hooks: [one] },
    });
    expect(results).toMatchObject([
      { status: 'destroyed', reasons: ['removed process x', 'removed process x'], kept: ['data', 'data'] },
      { status: 'absent', reasons: [], kept: ['data'] },
    ]);
    expect(two.recorded).toEqual([['a', false]]);
  });

  it('fail where something is left, and keep what the stack needs', async () => {
    const left = paper.platform('left', {
      release: `async () => ({ released: [], kept: [], left: ['container x', 'volume y'] })`,
    });
    const results = await destroy({ 'e/dev/a': a, 'e/dev/b': { ...b, hooks: [left] } });
    expect(statusesOf(results)).toEqual({ 'e/dev/a': 'in-use', 'e/dev/b': 'failed' });
    expect(results[1]!.error?.message).toMatch(/state of e\/dev\/b is empty, but .*container x, volume y/s);
  });
});
