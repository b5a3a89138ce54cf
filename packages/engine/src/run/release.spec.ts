import { PaperRun } from '../testing/paper-run';
import { release } from './release';

const paper = new PaperRun();
afterAll(() => paper.remove());

const report = (released: string[], kept: string[], left: string[]): string =>
  `(context) => { record(context.purge); return ${JSON.stringify({ released, kept, left })}; }`;

it('says what every platform removed and what it keeps', async () => {
  const hooks = [
    paper.platform('one', { release: report(['a process'], ['a volume'], []) }),
    paper.platform('two', {}),
    paper.platform('three', { release: report(['a folder', 'a port'], ['a key'], []) }),
  ];
  const run = paper.of({ stacks: {} });
  expect(await release(run, 'e/dev/a', hooks)).toEqual({
    reasons: ['removed a process', 'removed a folder', 'removed a port'],
    kept: ['a volume', 'a key'],
  });
  expect(await release(run, 'e/dev/a', [])).toEqual({ reasons: [], kept: [] });
});

it.each([
  [undefined, false],
  [false, false],
  [true, true],
])('purges where it is asked to: %s', async (purge, expected) => {
  const platform = paper.platform(`purge-${purge}`, { release: report([], [], []) });
  await release(paper.of({ stacks: {}, request: purge === undefined ? {} : { purge } }), 'e/dev/a', [
    platform,
  ]);
  expect(platform.recorded).toEqual([expected]);
});

it('fails where something is left, and names it all', async () => {
  const hooks = [
    paper.platform('left-one', { release: report([], ['a volume'], ['process 1']) }),
    paper.platform('left-two', { release: report([], [], ['process 2']) }),
  ];
  await expect(release(paper.of({ stacks: {} }), 'e/dev/a', hooks)).rejects.toThrow(
    expect.objectContaining({
      code: 'left-behind',
      message: expect.stringContaining(
        'The state of e/dev/a is empty, but this is left: process 1, process 2.',
      ),
    }),
  );
});
