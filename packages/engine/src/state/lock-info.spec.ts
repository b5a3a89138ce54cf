import { describeLock, lockField } from './lock-info';

it.each([
  [
    { ID: '1-2', Who: 'ann@host', Operation: 'OperationTypeApply', Created: '2026-01-01T00:00:00.123456Z' },
    'ann@host, apply, since 2026-01-01T00:00:00Z, lock 1-2',
  ],
  [{ Operation: 'migration source state' }, 'somebody, migration source state'],
  [{ Who: 'ann@host' }, 'ann@host'],
  [{ ID: '1', Who: '', Created: 5 }, 'somebody, lock 1'],
  [{ Info: 'x' }, 'somebody; the lock says nothing more'],
  [null, 'somebody; the lock says nothing more'],
])('%j is held by %s', (lock, expected) => {
  expect(describeLock(JSON.stringify(lock))).toBe(expected);
});

it('a lock that is no JSON says nothing', () => {
  expect(describeLock('{"Who":"a')).toBe('somebody; the lock says nothing more');
  expect(lockField('{', 'Who')).toBeUndefined();
});

it('a field counts where it is a text with something in it', () => {
  const text = JSON.stringify({ Who: 'a', ID: '', Created: 1 });
  expect(['Who', 'ID', 'Created', 'Path'].map((name) => lockField(text, name))).toEqual([
    'a',
    undefined,
    undefined,
    undefined,
  ]);
});
