import { PassThrough } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import type { StackResult, StackStatus } from '../run/result';
import { lineProgress } from './lines';
import { resultLine } from './wording';

const result = (status: StackStatus, seconds = 0): StackResult => ({
  key: 'lab/dev/a',
  status,
  reasons: [],
  seconds,
});

/** What is printed of all of this. */
async function printed(verbose: boolean): Promise<string> {
  const out = new PassThrough();
  const progress = lineProgress(out, { verbose });
  progress.begin(['lab/dev/a']);
  progress.start('lab/dev/a');
  progress.update('lab/dev/a', 'init');
  progress.raw('lab/dev/a', '{"raw":1}');
  progress.note('careful');
  progress.finish(result('applied', 1.26));
  await progress.end();
  return stripVTControlCharacters(String(out.read()));
}

it('is one line for each step', async () => {
  expect(await printed(false)).toBe('  lab/dev/a: init\nnote: careful\n✔ applied  lab/dev/a  1.3 s\n');
});

it('is the log of the engine in place of the steps, where that is asked for', async () => {
  expect(await printed(true)).toBe('  lab/dev/a | {"raw":1}\nnote: careful\n✔ applied  lab/dev/a  1.3 s\n');
});

it.each<[StackStatus, number, string]>([
  ['unchanged', 0.09, '= unchanged  lab/dev/a'],
  ['unchanged', 0.1, '= unchanged  lab/dev/a  0.1 s'],
  ['failed', 12, '✖ failed  lab/dev/a  12.0 s'],
  ['interrupted', 0, '! interrupted  lab/dev/a'],
])('says %s after %d s', (status, seconds, line) => {
  expect(stripVTControlCharacters(resultLine(result(status, seconds)))).toBe(line);
});
