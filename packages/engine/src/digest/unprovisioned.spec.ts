import type { Journal } from '../journal/journal';
import type { StateFile } from '../state/state-file';
import type { OpenMark } from './open-mark';
import type { Stamp } from './stamp';
import { provisionedResources, unprovisioned } from './unprovisioned';

interface Instance {
  readonly key?: string | number;
  readonly id?: string;
  readonly tainted?: boolean;
  readonly deposed?: string;
}

const state = (instances: readonly Instance[], module?: string): StateFile =>
  ({
    outputs: {},
    resources: [
      {
        ...(module === undefined ? {} : { module }),
        mode: 'managed',
        type: 'null_resource',
        name: 'a',
        provider: 'p',
        instances: instances.map(({ key, id, tainted, deposed }) => ({
          schemaVersion: 0,
          attributes: { id },
          ...(key === undefined ? {} : { indexKey: key }),
          ...(tainted === true ? { status: 'tainted' } : {}),
          ...(deposed === undefined ? {} : { deposed }),
        })),
      },
    ],
  }) as unknown as StateFile;

const mark = (changes: Partial<OpenMark> = {}): Stamp => ({
  dependencies: [],
  hooks: [],
  outputs: {},
  open: {
    run: 'r1',
    command: 'apply',
    since: '2026-01-01T00:00:00Z',
    host: 'there',
    process: { pid: 1, started: '1' },
    creating: ['null_resource.a'],
    present: [],
    ...changes,
  },
});

const journal = (unfinished: readonly string[], run = 'r1'): Journal =>
  ({ head: { run }, unfinished }) as unknown as Journal;

const addresses = (...given: Parameters<typeof unprovisioned>): readonly string[] =>
  unprovisioned(...given).map(({ address }) => address);

describe('what is replaced because nobody knows whether its provisioners ran', () => {
  it('is what the journal saw begin and not end', () => {
    const two = state([
      { key: 0, id: 'x' },
      { key: 1, id: 'y' },
    ]);
    expect(unprovisioned(two, mark(), journal(['null_resource.a[1]', 'null_resource.b']))).toEqual([
      {
        address: 'null_resource.a[1]',
        reason: 'null_resource.a[1] is replaced: its creation began and was never seen to end',
      },
    ]);
  });

  it('is all that a run without a journal here may have created', () => {
    const found = unprovisioned(state([{ key: 'k', id: 'x' }]), mark(), undefined);
    expect(found).toEqual([
      {
        address: 'null_resource.a["k"]',
        reason:
          'null_resource.a["k"] is replaced: the apply of there that began at 2026-01-01T00:00:00Z did not say whether its provisioners ran',
      },
    ]);
    expect(addresses(state([{ id: 'x' }]), mark(), journal([], 'another run'))).toEqual(['null_resource.a']);
  });

  it('is what a run that ended since has said that it left, without a journal here', () => {
    const left = mark({ ended: true, unfinished: ['null_resource.a[1]'] });
    const two = state([
      { key: 0, id: 'x' },
      { key: 1, id: 'y' },
    ]);
    expect(addresses(two, left, undefined)).toEqual(['null_resource.a[1]']);
    expect(addresses(two, left, journal(['null_resource.a[0]']))).toEqual([
      'null_resource.a[0]',
      'null_resource.a[1]',
    ]);
  });

  it('is found in modules, too', () => {
    const inModule = state([{ id: 'x' }], 'module.m["a"]');
    expect(addresses(inModule, mark({ creating: ['module.m.null_resource.a'] }), undefined)).toEqual([
      'module.m["a"].null_resource.a',
    ]);
    expect(addresses(inModule, mark(), undefined)).toEqual([]);
  });

  it.each<[string, StateFile, Stamp | undefined, Journal | undefined]>([
    ['nothing was open', state([{ id: 'x' }]), undefined, undefined],
    ['the run has ended', state([{ id: 'x' }]), mark({ ended: true }), undefined],
    ['its journal is here, and saw all end', state([{ id: 'x' }]), mark(), journal([])],
    ['it has no provisioners', state([{ id: 'x' }]), mark({ creating: ['null_resource.b'] }), undefined],
    [
      'it was there before',
      state([{ id: 'x' }]),
      mark({ present: [{ address: 'null_resource.a', id: 'x' }] }),
      undefined,
    ],
    ['it is tainted: the plan replaces it', state([{ id: 'x', tainted: true }]), mark(), undefined],
    ['it is deposed: the plan destroys it', state([{ id: 'x', deposed: '1' }]), mark(), undefined],
    [
      'it is tainted, journal or not',
      state([{ id: 'x', tainted: true }]),
      mark(),
      journal(['null_resource.a']),
    ],
  ])('is nothing where %s', (_, given, stamp, left) => {
    expect(unprovisioned(given, stamp, left)).toEqual([]);
  });

  it('is what has another id than before', () => {
    const present = [{ address: 'null_resource.a', id: 'x' }];
    expect(addresses(state([{ id: 'y' }]), mark({ present }), undefined)).toEqual(['null_resource.a']);
  });
});

describe('resources with provisioners of their creation', () => {
  it.each<[string, unknown, readonly string[]]>([
    ['a list of one', [{ 'local-exec': { command: 'x' } }], ['t.a']],
    ['one object', { 'local-exec': { command: 'x' } }, ['t.a']],
    ['one that says when', [{ 'local-exec': { when: 'create' } }], ['t.a']],
    ['destroy only', [{ 'local-exec': { when: 'destroy' } }], []],
    ['both', [{ 'local-exec': { when: 'destroy' } }, { 'remote-exec': {} }], ['t.a']],
    ['none', undefined, []],
    ['nothing in the list', [], []],
    ['nothing that is known', ['x', null], []],
  ])('%s', (_, provisioner, expected) => {
    expect(provisionedResources({ resource: { t: { a: { provisioner } } } })).toEqual(expected);
  });

  it('are sorted, and none without resources', () => {
    const provisioner = [{ 'local-exec': {} }];
    expect(
      provisionedResources({
        resource: { t: { b: { provisioner }, a: { provisioner } }, s: { z: { provisioner } } },
      }),
    ).toEqual(['s.z', 't.a', 't.b']);
    expect(provisionedResources({})).toEqual([]);
  });
});
