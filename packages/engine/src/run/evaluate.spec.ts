import type { StateRead } from '../state/state-store';
import { found, PaperRun, resource, type PaperState, type PaperStack } from '../testing/paper-run';
import { evaluate } from './evaluate';

describe('a stack against its state', () => {
  const paper = new PaperRun();
  afterAll(() => paper.remove());

  const evaluation = (stack: PaperStack, others: Readonly<Record<string, PaperStack>> = {}) => {
    const run = paper.of({ stacks: { ...others, 'e/dev/x': stack } });
    return evaluate(run, run.stacks.get('e/dev/x')!);
  };
  /** The stack as it would be after an apply that finished. */
  const applied = async (
    stack: PaperStack = {},
    state: PaperState = {},
    others: Readonly<Record<string, PaperStack>> = {},
  ): Promise<PaperStack & { readonly state: Extract<StateRead, { kind: 'state' }> }> => {
    const { digest } = await evaluation({ ...stack, state: found() }, others);
    return { ...stack, state: found({ ...state, stamp: { digest: digest!, ...state.stamp } }) };
  };
  const up = (outputs: Readonly<Record<string, unknown>>) => ({ state: found({ outputs }) });

  it('is unchanged where the stamp equals what is wanted', async () => {
    expect(await evaluation(await applied())).toMatchObject({ verdict: 'unchanged', reasons: [] });
  });

  it('is new without a state, and where nothing is in it', async () => {
    expect(await evaluation({})).toMatchObject({ verdict: 'new', reasons: ['it was never applied'] });
    expect(await evaluation({ state: found({ resources: [] }) })).toMatchObject({
      verdict: 'new',
      reasons: ['nothing of it is there'],
    });
  });

  it('is changed without a stamp, whatever is in the state', async () => {
    const { verdict, reasons, digest } = await evaluation({ state: found() });
    expect({ verdict, reasons }).toEqual({ verdict: 'changed', reasons: ['its first apply did not finish'] });
    expect(digest).toBeDefined();
  });

  it('is changed, not new, where only its stamp is left', async () => {
    const { state } = await applied({ config: {} }, { resources: [] });
    expect(await evaluation({ state, config: {} })).toMatchObject({ verdict: 'unchanged' });
    expect(await evaluation({ state })).toMatchObject({
      verdict: 'changed',
      reasons: expect.arrayContaining(['its configuration changed']),
    });
  });

  it('is changed where a lock was left behind, although all else is as wanted', async () => {
    const stack = await applied();
    expect(
      await evaluation({ ...stack, state: { ...stack.state, staleLock: 'root@host, apply' } }),
    ).toMatchObject({ verdict: 'changed', reasons: ['its last run did not end: root@host, apply'] });
  });

  it('is busy where it is locked, even if it would be unchanged', async () => {
    const { state } = await applied();
    for (const read of [
      { kind: 'busy', holder: 'root@host, apply', state: state.state },
      { kind: 'busy', holder: 'root@host, apply' },
    ] as const) {
      expect(await evaluation({ state: read })).toMatchObject({
        verdict: 'busy',
        reasons: ['locked: root@host, apply; if that run is dead: npx mlterra unlock e -c dev x'],
      });
    }
  });

  it('is changed where the state cannot be read', async () => {
    expect(await evaluation({ state: { kind: 'opaque', reason: 'the state is encrypted' } })).toMatchObject({
      verdict: 'changed',
      reasons: ['the state is encrypted'],
    });
  });

  it('is changed where an instance is tainted, although the stamp says otherwise', async () => {
    const stack = await applied(
      {},
      {
        resources: [resource('R', { instances: [{ attributes: {}, schemaVersion: 0, status: 'tainted' }] })],
      },
    );
    expect(await evaluation(stack)).toMatchObject({
      verdict: 'changed',
      reasons: ['terraform_data.R is tainted: its creation did not finish'],
    });
  });

  it('is changed where outputs were not written, but not by a null, which Terraform leaves out', async () => {
    const outputs = { a: 1, c: { d: null } };
    const withNull = await applied({}, { outputs, stamp: { outputs: { ...outputs, b: null } } });
    expect(await evaluation(withNull)).toMatchObject({ verdict: 'unchanged' });
    const missing = await applied({}, { outputs, stamp: { outputs: { ...outputs, b: 2 } } });
    expect(await evaluation(missing)).toMatchObject({
      verdict: 'changed',
      reasons: ['its outputs were not written completely'],
    });
  });

  describe('that reads outputs of others', () => {
    const reads = ['e/dev/a#host', 'e/dev/b#port'];
    const others = { 'e/dev/a': up({ host: 'h', spare: 's' }), 'e/dev/b': up({ port: 1 }) };

    it('is unchanged where they are the same, and others may change', async () => {
      const stack = await applied({ reads }, {}, others);
      expect(await evaluation(stack, others)).toMatchObject({ verdict: 'unchanged' });
      expect(await evaluation(stack, { ...others, 'e/dev/a': up({ host: 'h', spare: 't' }) })).toMatchObject({
        verdict: 'unchanged',
      });
    });

    it.each<[string, Record<string, PaperStack>, string]>([
      ['first', { 'e/dev/a': up({ host: 'i' }) }, 'the output host of e/dev/a changed'],
      ['second', { 'e/dev/b': up({ port: '1' }) }, 'the output port of e/dev/b changed'],
    ])('is changed where the %s differs', async (_, change, reason) => {
      const stack = await applied({ reads }, {}, others);
      expect(await evaluation(stack, { ...others, ...change })).toMatchObject({
        verdict: 'changed',
        reasons: [reason],
      });
    });

    const none = 'e/dev/b has no output port yet';
    it.each<[string, StateRead, string]>([
      ['absent', { kind: 'absent' }, none],
      [
        'locked',
        { kind: 'busy', holder: 'root@host', state: up({ port: 1 }).state.state },
        'e/dev/b is locked, and its output port may be changing: root@host',
      ],
      [
        'encrypted',
        { kind: 'opaque', reason: 'the state is encrypted' },
        'the output port of e/dev/b cannot be read: the state is encrypted',
      ],
      ['without it', found({ outputs: { other: 1 } }), none],
    ])('waits for one whose state is %s, and has no digest', async (_, state, reason) => {
      const stack = await applied({ reads }, {}, others);
      const evaluated = await evaluation(stack, { ...others, 'e/dev/b': { state } });
      expect(evaluated).toMatchObject({
        verdict: 'upstream-missing',
        reasons: [reason],
        state: stack.state.state,
      });
      expect(evaluated.digest).toBeUndefined();
      expect(evaluated.stamp).toBeDefined();
    });

    it('names all that are missing', async () => {
      const { reasons } = await evaluation({ reads }, { 'e/dev/a': {}, 'e/dev/b': {} });
      expect(reasons).toEqual(['e/dev/a has no output host yet', 'e/dev/b has no output port yet']);
    });

    it('takes an output that is false, zero or empty for one', async () => {
      const empty = { 'e/dev/a': up({ host: '' }), 'e/dev/b': up({ port: 0 }) };
      expect(await evaluation({ reads, state: found() }, empty)).toMatchObject({ verdict: 'changed' });
    });
  });

  it('is told which provider is not locked, of several', async () => {
    const config = {
      terraform: { required_providers: { helm: {}, random: { source: 'hashicorp/random' } } },
    };
    await expect(evaluation({ config })).rejects.toThrow(/hashicorp\/helm[\s\S]*hashicorp\/random/);
  });
});
