import type { Targets } from '@mlterra/core';
import type { OpenMark } from '../digest/open-mark';
import { found, PaperRun, resource } from '../testing/paper-run';
import { assertTargets, otherTargets, stateIn, targetsOf } from './targets';

const paper = new PaperRun();
afterAll(() => paper.remove());

const target = (value: string | undefined, identity?: string): Targets[string] => ({
  value,
  from: 'KUBECONFIG',
  ...(identity === undefined ? {} : { identity }),
});
const digestAt = (targets: object) => ({ targets }) as never;
const open = (changes: Partial<OpenMark>): OpenMark =>
  ({ run: 'r', command: 'apply', creating: [], present: [], ...changes }) as OpenMark;

describe('where a stack is led to', () => {
  it('is what all its platforms say', async () => {
    const hooks = [
      paper.platform('one', {
        targets: `(context) => { record(Object.keys(context)); return { cluster: { value: 'a' } }; }`,
      }),
      paper.platform('two', {}),
      paper.platform('three', { targets: `async () => ({ daemon: { value: 'b' } })` }),
    ];
    const run = paper.of({ stacks: { 'e/dev/a': { hooks } } });
    expect(await targetsOf(run, { key: 'e/dev/a', hooks })).toEqual({
      cluster: { value: 'a' },
      daemon: { value: 'b' },
    });
    // Asked before anything is read.
    expect(hooks[0]!.recorded.flat()).not.toContain('readOutput');
    expect(await targetsOf(run, { key: 'e/dev/a', hooks: [] })).toEqual({});
  });
});

describe('another target than before', () => {
  const applied = found({ stamp: { digest: digestAt({ cluster: { value: 'a' } }) } }).state;

  it('is found by value, or by identity where both have one', () => {
    expect(otherTargets(applied, { cluster: target('a') })).toEqual([]);
    expect(otherTargets(applied, { cluster: target('b') })).toEqual([
      { name: 'cluster', before: { value: 'a' }, today: target('b') },
    ]);
    const known = found({ stamp: { digest: digestAt({ cluster: { value: 'a', identity: 'x' } }) } }).state;
    expect(otherTargets(known, { cluster: target('b', 'x') })).toEqual([]);
    expect(otherTargets(known, { cluster: target('a', 'y') })).toHaveLength(1);
  });

  it.each<[string, Targets]>([
    ['that nobody chooses today', {}],
    ['that was not recorded', { daemon: target('x') }],
    ['that cannot be read today', { cluster: target(undefined) }],
  ])('is none %s', (_, today) => {
    expect(otherTargets(applied, today)).toEqual([]);
  });

  it('is none without a state, or without a stamp', () => {
    expect(otherTargets(undefined, { cluster: target('b') })).toEqual([]);
    expect(otherTargets(found().state, { cluster: target('b') })).toEqual([]);
  });

  it('is that of an apply that began and did not finish, too', () => {
    const begun = found({ stamp: { open: open({ targets: { cluster: { value: 'c' } } }) } }).state;
    expect(otherTargets(begun, { cluster: target('c') })).toEqual([]);
    expect(otherTargets(begun, { cluster: target('a') })).toHaveLength(1);
    const both = found({
      stamp: {
        digest: digestAt({ cluster: { value: 'a' } }),
        open: open({ targets: { cluster: { value: 'c' }, daemon: { value: 'd' } } }),
      },
    }).state;
    expect(
      otherTargets(both, { cluster: target('z'), daemon: target('z') }).map(({ name, before }) => [
        name,
        before.value,
      ]),
    ).toEqual([
      ['cluster', 'a'],
      ['daemon', 'd'],
    ]);
  });

  it('is not that of an apply that ended and left nothing', () => {
    const ended = open({ targets: { cluster: { value: 'c' } }, ended: true });
    const nothing = found({ resources: [], stamp: { open: ended } }).state;
    expect(otherTargets(nothing, { cluster: target('a') })).toEqual([]);
    const something = found({ resources: [resource('R')], stamp: { open: ended } }).state;
    expect(otherTargets(something, { cluster: target('a') })).toHaveLength(1);
  });

  it('is refused, with both', () => {
    expect(() => assertTargets('e/dev/a', applied, { cluster: target('a') })).not.toThrow();
    expect(() => assertTargets('e/dev/a', applied, { cluster: target('b') })).toThrow(
      expect.objectContaining({
        code: 'other-target',
        message: expect.stringContaining('KUBECONFIG leads to the cluster b, but e/dev/a was applied to a.'),
      }),
    );
  });
});

it('the state of a stack that somebody works on is the last one written', () => {
  const { state } = found();
  expect(stateIn({ kind: 'state', state })).toBe(state);
  expect(stateIn({ kind: 'busy', holder: 'h', state })).toBe(state);
  expect(stateIn({ kind: 'absent' })).toBeUndefined();
  expect(stateIn({ kind: 'opaque', reason: 'r' })).toBeUndefined();
});
