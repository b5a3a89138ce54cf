import { isSameTarget, recordTargets, targetDifferences } from './recorded-targets';

it.each([
  [{ value: 'a' }, { value: 'a' }, true],
  [{ value: 'a' }, { value: 'b' }, false],
  [{ value: 'a', identity: 'x' }, { value: 'b', identity: 'x' }, true],
  [{ value: 'a', identity: 'x' }, { value: 'a', identity: 'y' }, false],
  [{ value: 'a', identity: 'x' }, { value: 'x' }, true],
])('%j and %j are the same place: %s', (one, other, expected) => {
  expect(isSameTarget(one, other)).toBe(expected);
  expect(isSameTarget(other, one)).toBe(expected);
});

describe('what is recorded', () => {
  it('is what is known today', () => {
    const today = { cluster: { value: 'a', identity: 'x' }, daemon: { value: 'b' } };
    expect(recordTargets(today as never)).toEqual(today);
  });

  it('stays as it was where it cannot be read today, and is gone where nothing chooses it any more', () => {
    const before = { cluster: { value: 'a' }, old: { value: 'o' } };
    const unreadable = { value: undefined } as never;
    expect(recordTargets({ cluster: unreadable, never: unreadable }, before)).toEqual({
      cluster: { value: 'a' },
    });
  });
});

describe('differences', () => {
  it('are none of the same places', () => {
    expect(targetDifferences()).toEqual([]);
    expect(
      targetDifferences({ c: { value: 'a', identity: 'x' } }, { c: { value: 'b', identity: 'x' } }),
    ).toEqual([]);
  });

  it('are named in their order', () => {
    const before = { z: { value: '1' }, a: { value: '1' }, gone: { value: '1' } };
    const after = { z: { value: '2' }, a: { value: '1' }, added: { value: '3' } };
    expect(targetDifferences(before, after)).toEqual([
      'the added was not recorded yet: 3',
      'the gone is no longer chosen outside of the source: it was 1',
      'the z changed: 1 -> 2',
    ]);
  });
});
