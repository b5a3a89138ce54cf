import type { Fault } from '../faults';
import { differsAt, FaultLedger } from './fault-ledger';

const drift = (address: string, attribute: string, value: unknown) =>
  ({ kind: 'drift', address, attribute, value }) as const;

describe('creates', () => {
  const faults: readonly Fault[] = [
    { kind: 'refuse-destroy', type: 'acme_network', times: 1 },
    { kind: 'fail-create', type: 'acme_cluster', nth: 2 },
    { kind: 'time-out', type: 'acme_network', nth: 3 },
    { kind: 'fail-create', type: 'acme_network', nth: 1 },
  ];

  it('are counted for each type, and go wrong where that is asked', () => {
    const ledger = new FaultLedger(faults);
    const creates = (type: string, times: number) =>
      Array.from({ length: times }, () => ledger.onCreate(type));
    expect(creates('acme_network', 2)).toEqual(['fail-create', undefined]);
    expect(creates('acme_cluster', 3)).toEqual([undefined, 'fail-create', undefined]);
    expect(creates('acme_other', 3)).toEqual([undefined, undefined, undefined]);
    expect(creates('acme_network', 2)).toEqual(['time-out', undefined]);
  });

  it('of the same configuration are counted from none on', () => {
    const ledger = new FaultLedger([]);
    expect(['a', 'a', 'b', 'a', 'b'].map((seed) => ledger.sameBefore(seed))).toEqual([0, 1, 0, 2, 1]);
  });
});

describe('destroys', () => {
  it('are refused as often as is asked, each fault by itself, for its type', () => {
    const ledger = new FaultLedger([
      { kind: 'fail-create', type: 'acme_network', nth: 1 },
      { kind: 'refuse-destroy', type: 'acme_cluster', times: 1 },
      { kind: 'refuse-destroy', type: 'acme_network', times: 2 },
      { kind: 'refuse-destroy', type: 'acme_network', times: 1 },
    ]);
    const refused = (type: string, times: number) =>
      Array.from({ length: times }, () => ledger.refusesDestroy(type));
    expect(refused('acme_network', 5)).toEqual([true, true, true, false, false]);
    expect(refused('acme_cluster', 2)).toEqual([true, false]);
    expect(refused('acme_other', 1)).toEqual([false]);
  });
});

it('attributes that force a replacement are those of all faults of the type', () => {
  const ledger = new FaultLedger([
    { kind: 'replace-on-change', type: 'acme_network', attribute: 'cidr' },
    { kind: 'replace-on-change', type: 'acme_cluster', attribute: 'name' },
    { kind: 'fail-create', type: 'acme_network', nth: 1 },
    { kind: 'replace-on-change', type: 'acme_network', attribute: 'size' },
  ]);
  expect(ledger.replacesOnChange('acme_network')).toEqual(['cidr', 'size']);
  expect(ledger.replacesOnChange('acme_cluster')).toEqual(['name']);
  expect(ledger.replacesOnChange('acme_other')).toEqual([]);
});

describe('a drift', () => {
  const state = {
    size: 1,
    name: 'one',
    pools: [
      { size: 1, name: 'a' },
      { size: 2, name: 'b' },
    ],
    access: { user: 'ann', role: 'owner' },
  };
  const read = (faults: readonly ReturnType<typeof drift>[]) => {
    const ledger = new FaultLedger([]);
    for (const fault of faults) ledger.locate(fault, 'it');
    ledger.onRead('it', state);
    return ledger.onRead('it', state);
  };

  it('is seen from the second read of its resource on, until that is settled', () => {
    const ledger = new FaultLedger([]);
    ledger.onRead('it', state);
    ledger.onRead('it', state);
    ledger.locate(drift('a.b', 'size', 5), 'it');
    expect(ledger.onRead('it', state)).toEqual(state);
    expect(ledger.onRead('other', state)).toEqual(state);
    expect(ledger.onRead('other', state)).toEqual(state);
    expect([ledger.onRead('it', state).size, ledger.onRead('it', state).size]).toEqual([5, 5]);
    ledger.settled('other');
    expect(ledger.onRead('it', state).size).toBe(5);
    ledger.settled('it');
    expect(ledger.onRead('it', state)).toEqual(state);
  });

  it('changes one thing, wherever it is, and no other', () => {
    expect(read([drift('a.b', 'pools.1.size', 9)])).toEqual({
      ...state,
      pools: [state.pools[0], { size: 9, name: 'b' }],
    });
    expect(read([drift('a.b', 'access.user', 'eve')])).toEqual({
      ...state,
      access: { user: 'eve', role: 'owner' },
    });
    expect(read([drift('a.b', 'pools', [])])).toEqual({ ...state, pools: [] });
  });

  it('may be several at once', () => {
    expect(read([drift('a.b', 'size', 9), drift('a.b', 'name', 'two')])).toEqual({
      ...state,
      size: 9,
      name: 'two',
    });
  });

  it('of what is not there changes nothing', () => {
    for (const path of ['missing', 'access.missing', 'pools.7.size', 'name.first', 'pools.x']) {
      expect(read([drift('a.b', path, 9)])).toEqual(state);
    }
  });
});

describe('a difference', () => {
  const pools = (...sizes: readonly number[]) => ({ pools: sizes.map((size) => ({ size, name: 'x' })) });

  it.each<[string, object, object, string, boolean]>([
    ['of the value', { size: 1 }, { size: 2 }, 'size', true],
    ['beside the value', { size: 1, name: 'a' }, { size: 1, name: 'b' }, 'size', false],
    ['in one of several elements', pools(1, 2), pools(1, 3), 'pools.size', true],
    ['in none of them', pools(1, 2), pools(1, 2), 'pools.size', false],
    ['beside what is asked in an element', pools(1, 2), pools(1, 2), 'pools.name', false],
    ['in the number of elements', pools(1), pools(1, 1), 'pools.size', true],
    ['in the element that is asked', pools(1, 2), pools(1, 3), 'pools.1.size', true],
    ['in another element', pools(1, 2), pools(3, 2), 'pools.1.size', false],
    ['in a nested object', { a: { b: 1, c: 1 } }, { a: { b: 2, c: 1 } }, 'a.b', true],
    ['beside it', { a: { b: 1, c: 1 } }, { a: { b: 1, c: 2 } }, 'a.b', false],
    ['of what is missing in both', { a: {} }, { a: {} }, 'a.b', false],
    ['of what is missing in one', { a: {} }, { a: { b: 1 } }, 'a.b', true],
    ['below what is missing', {}, { a: { b: 1 } }, 'a.b', true],
  ])('%s is seen: %#', (_, one, other, path, expected) => {
    expect(differsAt(one as never, other as never, path)).toBe(expected);
  });
});
