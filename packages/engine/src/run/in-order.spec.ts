import { setTimeout as sleep } from 'node:timers/promises';
import { inOrder } from './in-order';

const AFTER: Record<string, string[]> = { a: [], b: ['a'], c: ['a'], d: ['b', 'c'] };

it('runs each key after those it comes after, and independent ones at once', async () => {
  const events: string[] = [];
  const results = await inOrder(
    ['d', 'c', 'b', 'a'],
    (key) => AFTER[key]!,
    async (key, earlier) => {
      events.push(`${key} begins after ${[...earlier.keys()].sort().join('')}`);
      await sleep(key === 'b' ? 30 : 5);
      return key.toUpperCase();
    },
  );
  expect(events).toEqual(['a begins after ', 'b begins after a', 'c begins after a', 'd begins after abc']);
  expect([...results]).toEqual([
    ['d', 'D'],
    ['c', 'C'],
    ['b', 'B'],
    ['a', 'A'],
  ]);
});

it('pays no heed to keys that are not part of the run', async () => {
  expect([
    ...(
      await inOrder(
        ['b'],
        () => ['a'],
        async (key) => key,
      )
    ).keys(),
  ]).toEqual(['b']);
});
