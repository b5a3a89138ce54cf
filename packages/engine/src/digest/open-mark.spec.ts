import { parseState, type StateFile } from '../state/state-file';
import { managedInstances } from './instances';
import { following, markEnded, markOpen, type OpenMark } from './open-mark';
import { readStamp } from './stamp';

const mark: OpenMark = {
  run: 'r1',
  command: 'apply',
  since: '2026-01-01T00:00:00Z',
  host: 'h',
  process: { pid: 1, started: '2' },
  creating: [],
  present: [],
};
const stack = { dependencies: ['e/dev/b'], hooks: [] };
const options = { engineVersion: '1.11.4', drop: [] };

interface Given {
  readonly serial?: number;
  readonly lineage?: string;
  readonly resources?: readonly object[];
}

const instance = (id: string, more: object = {}): object => ({
  schema_version: 0,
  attributes: { id },
  ...more,
});
const resource = (name: string, instances: readonly object[], more: object = {}): object => ({
  mode: 'managed',
  type: 'random_pet',
  name,
  provider: 'provider["registry.terraform.io/hashicorp/random"]',
  instances,
  ...more,
});

/** A state with numbers that no double holds. */
const textOf = ({ serial = 4, lineage = 'l', resources = [] }: Given = {}): string =>
  `{"version":4,"terraform_version":"1.11.4","serial":${serial},"lineage":"${lineage}","outputs":{"n":{"value":9007199254740993,"type":"number"}},"resources":${JSON.stringify(resources)}}`;

const read = (text: string): StateFile => {
  const parsed = parseState(text, { name: 'x', earlier: 'y' });
  if (parsed.kind !== 'state') throw new Error(parsed.reason);
  return parsed.state;
};
const instancesOf = (text: string): string[] =>
  managedInstances(read(text))
    .filter(({ address }) => address !== 'terraform_data.mlterra')
    .map(({ address, id, deposed }) => `${address} ${id}${deposed === undefined ? '' : ' deposed'}`);

describe('a state that is marked', () => {
  it('begins where there was none, with the mark alone in it', () => {
    const text = markOpen(undefined, mark, stack, options);
    const state = read(text);
    expect(state).toMatchObject({ serial: 1, terraformVersion: '1.11.4', outputs: {} });
    expect(state.lineage).toMatch(/^[0-9a-f-]{36}$/);
    expect(instancesOf(text)).toEqual([]);
    expect(readStamp(state)).toMatchObject({ open: mark, dependencies: ['e/dev/b'] });
    expect(readStamp(state)?.digest).toBeUndefined();
  });

  it('keeps all that is in it, to the digit, one serial number on', () => {
    const before = textOf({ resources: [resource('a', [instance('1')])] });
    const text = markOpen(before, mark, stack, options);
    expect(read(text)).toMatchObject({ serial: 5, lineage: 'l' });
    expect(text).toContain('9007199254740993');
    expect(instancesOf(text)).toEqual(['random_pet.a 1']);
  });

  it('keeps the stamp beside the mark, with the dependencies of both, and the last mark only', () => {
    const once = markOpen(textOf(), mark, stack, options);
    const twice = markOpen(
      once,
      { ...mark, run: 'r2' },
      { dependencies: ['e/dev/c', 'e/dev/b'], hooks: [] },
      options,
    );
    expect(readStamp(read(twice))).toMatchObject({
      open: { run: 'r2' },
      dependencies: ['e/dev/b', 'e/dev/c'],
    });
    expect(read(twice).resources).toHaveLength(1);
  });

  it('is not marked in a resource of a module that has the name of the stamp', () => {
    const other = { module: 'module.m', type: 'terraform_data' };
    const text = markOpen(
      textOf({ resources: [resource('mlterra', [instance('1')], other)] }),
      mark,
      stack,
      options,
    );
    expect(read(text).resources).toHaveLength(2);
    expect(readStamp(read(text))?.open).toEqual(mark);
  });

  describe('loses what is gone', () => {
    const resources = [
      resource('a', [instance('1', { index_key: 0 }), instance('2', { index_key: 1 })]),
      resource('b', [instance('3'), instance('3', { deposed: 'd' })]),
      resource('c', [instance('4')], { mode: 'data' }),
    ];
    const ALL = ['random_pet.a[0] 1', 'random_pet.a[1] 2', 'random_pet.b 3', 'random_pet.b 3 deposed'];
    it.each([
      [
        'an instance',
        { address: 'random_pet.a[1]', id: '2' },
        ['random_pet.a[0] 1', 'random_pet.b 3', 'random_pet.b 3 deposed'],
      ],
      ['not one of another id', { address: 'random_pet.a[1]', id: '1' }, ALL],
      ['not one of another address', { address: 'random_pet.a', id: '2' }, ALL],
      [
        'not one that is deposed',
        { address: 'random_pet.b', id: '3' },
        ['random_pet.a[0] 1', 'random_pet.a[1] 2', 'random_pet.b 3 deposed'],
      ],
      ['not what was only read', { address: 'random_pet.c', id: '4' }, ALL],
    ])('%s', (_, gone, left) => {
      const text = markOpen(textOf({ resources }), mark, stack, { ...options, drop: [gone] });
      expect(instancesOf(text)).toEqual(left);
      expect(read(text).resources.filter(({ mode }) => mode === 'data')).toHaveLength(1);
    });

    it('with its resource, where it was the last one', () => {
      const drop = [
        { address: 'random_pet.a[0]', id: '1' },
        { address: 'random_pet.a[1]', id: '2' },
      ];
      const text = markOpen(textOf({ resources }), mark, stack, { ...options, drop });
      expect(read(text).resources.map(({ name }) => name)).toEqual(['b', 'c', 'mlterra']);
    });
  });

  it('gives what is replaced an address of its own', () => {
    const inModule = { module: 'module.m["k"]' };
    const resources = [
      resource('a', [instance('1', { index_key: 'x' }), instance('2', { index_key: 'y' })]),
      resource('b', [instance('3')], inModule),
    ];
    const displace = [
      { address: 'random_pet.a["x"]', id: '1' },
      { address: 'module.m["k"].random_pet.b', id: '3' },
      { address: 'random_pet.a["y"]', id: 'another' },
    ];
    const text = markOpen(textOf({ resources }), mark, stack, { ...options, displace });
    expect(instancesOf(text).sort()).toEqual([
      'module.m["k"].random_pet.b_replaced_1 3',
      'random_pet.a["y"] 2',
      'random_pet.a_replaced_0 1',
    ]);
    const [moved] = read(text).resources.filter(({ name }) => name === 'a_replaced_0');
    expect(moved!.provider).toBe('provider["registry.terraform.io/hashicorp/random"]');
  });
});

describe('the end of a run that did not finish', () => {
  const open = markOpen(textOf(), mark, stack, options);

  it('takes its mark away where nothing was begun', () => {
    const ended = read(markEnded(open, 'r1', false, ['t.a'])!);
    expect(ended.serial).toBe(6);
    expect(readStamp(ended)?.open).toBeUndefined();
    expect(readStamp(ended)?.dependencies).toEqual(['e/dev/b']);
  });

  it('is noted in its mark where something was', () => {
    expect(readStamp(read(markEnded(open, 'r1', true, [])!))?.open).toEqual({ ...mark, ended: true });
    const rest = read(markEnded(open, 'r1', true, ['t.a', 't.b'])!);
    expect(readStamp(rest)?.open).toEqual({ ...mark, ended: true, unfinished: ['t.a', 't.b'] });
  });

  it.each([true, false])('leaves the mark of another run alone (began: %j)', (began) => {
    expect(markEnded(open, 'r2', began, [])).toBeUndefined();
  });

  it('changes nothing without a mark, or without a stamp', () => {
    expect(markEnded(markEnded(open, 'r1', false, ['t.a'])!, 'r1', true, [])).toBeUndefined();
    expect(markEnded(textOf(), 'r1', true, [])).toBeUndefined();
  });
});

describe('a state that could not be stored', () => {
  const stored = markOpen(textOf({ serial: 7 }), mark, stack, options);
  const unsaved = (given: Given, run = 'r1'): string =>
    markOpen(textOf(given), { ...mark, run }, stack, options);

  it.each([
    [3, 9],
    [7, 9],
    [20, 22],
  ])('of serial number %i is numbered after the one that is stored: %i', (serial, expected) => {
    expect(read(following(stored, unsaved({ serial }))!).serial).toBe(expected);
  });

  it('does not follow on the state of another run, of another lineage, or without a mark', () => {
    expect(following(stored, unsaved({}, 'r2'))).toBeUndefined();
    expect(following(stored, unsaved({ lineage: 'other' }))).toBeUndefined();
    expect(following(textOf(), unsaved({}))).toBeUndefined();
    expect(following(stored, textOf())).toBeUndefined();
  });
});
