import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { StackJournal, type JournalHead } from '../journal/journal';
import { processStart } from '../locks/process-start';
import { createStateReader } from '../state/state-reader';
import { markOpen } from '../digest/open-mark';
import { PaperRun } from '../testing/paper-run';
import type { EnvironmentRun } from './context';
import { restoreTornStates } from './torn-state';

const paper = new PaperRun();
afterAll(() => paper.remove());

const KEY = 'e/dev/a';
const folder = path.join(paper.dir, '.mlterra', 'stacks', 'dev-a');
const states = path.join(paper.dir, 'states');
const file = path.join(states, 'dev', 'a.tfstate');

/** The run, with states in files. */
const run = (): EnvironmentRun => {
  const found = paper.of({ stacks: { [KEY]: {} } });
  const place = { type: 'local', path: file } as const;
  Object.assign(found.stacks.get(KEY)!, { location: place });
  return { ...found, reader: createStateReader({ environmentDir: paper.dir }) };
};
const marked = (id: string): string =>
  markOpen(
    undefined,
    {
      run: id,
      command: 'apply',
      since: 'then',
      host: 'h',
      process: { pid: 1, started: '' },
      creating: [],
      present: [],
    },
    { dependencies: [], hooks: [] },
    { engineVersion: '1.11.4', drop: [] },
  );
const journal = (changes: Partial<JournalHead> = {}): void =>
  new StackJournal(folder).begin({
    run: 'r1',
    command: 'apply',
    since: 'then',
    carried: [],
    created: [],
    engine: { pid: 2 ** 22 + 1, started: 'never' },
    ...changes,
  });
const put = (text: string, backup?: string): void => {
  writeFileSync(file, text);
  if (backup !== undefined) writeFileSync(`${file}.backup`, backup);
};

beforeEach(() => {
  for (const place of [folder, path.dirname(file)]) {
    rmSync(place, { recursive: true, force: true });
    mkdirSync(place, { recursive: true });
  }
  paper.notes.length = 0;
});

it('the state from before is put back, and the torn one is kept', async () => {
  journal();
  put('{"version": 4, "ser', marked('r1'));
  await restoreTornStates(run());
  expect(readFileSync(file, 'utf8')).toBe(readFileSync(`${file}.backup`, 'utf8'));
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readFileSync(`${file}.cut-off`, 'utf8')).toBe('{"version": 4, "ser');
  expect(paper.notes).toEqual([
    expect.stringMatching(/^e\/dev\/a: its state was being written when the apply of then was killed/),
  ]);
});

it('the mark of a run that the journal follows counts, too', async () => {
  journal({ run: 'r0' });
  const following = JSON.parse(marked('r1')) as {
    resources: { instances: { attributes: { input: { value: { stamp: string } } } }[] }[];
  };
  const { value } = following.resources[0]!.instances[0]!.attributes.input;
  const stamp = JSON.parse(value.stamp) as { open: object };
  value.stamp = JSON.stringify({ ...stamp, open: { ...stamp.open, follows: 'r0' } });
  put('{', JSON.stringify(following));
  await restoreTornStates(run());
  expect(existsSync(`${file}.cut-off`)).toBe(true);
});

it('where there was none before, none is put back', async () => {
  journal({ engine: undefined });
  put('{"version": 4, "ser');
  await restoreTornStates(run());
  expect(readdirSync(path.dirname(file))).toEqual([]);
  expect(paper.notes).toHaveLength(1);
});

it('before the engine was started, any state from before is the one', async () => {
  journal({ engine: undefined });
  put('{', marked('of another run'));
  await restoreTornStates(run());
  expect(readFileSync(file, 'utf8')).toBe(readFileSync(`${file}.backup`, 'utf8'));
});

it.each<[string, () => void]>([
  ['it is whole', () => (journal(), put(marked('r1'), marked('r1')))],
  ['there is no journal', () => put('{', marked('r1'))],
  ['the backup is of another run', () => (journal(), put('{', marked('other')))],
  ['the backup is torn as well', () => (journal(), put('{', '{"version": 4'))],
  ['the backup is empty', () => (journal(), put('{', ''))],
  ['there is no backup, and the engine was at work', () => (journal(), put('{'))],
  [
    'the engine is still at work',
    () => (
      journal({ engine: { pid: process.pid, started: processStart(process.pid)! } }),
      put('{', marked('r1'))
    ),
  ],
])('nothing is touched where %s', async (_, prepare) => {
  prepare();
  const before = readFileSync(file, 'utf8');
  await restoreTornStates(run());
  expect(readFileSync(file, 'utf8')).toBe(before);
  expect(existsSync(`${file}.cut-off`)).toBe(false);
  expect(paper.notes).toEqual([]);
});
