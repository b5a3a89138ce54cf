import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { isOfMark, StackJournal } from './journal';

const folder = mkdtempSync(path.join(tmpdir(), 'mlterra-journal-'));
afterAll(() => rmSync(folder, { recursive: true }));
const journal = new StackJournal(folder);
const head = {
  run: 'r1',
  command: 'apply' as const,
  since: '2026-01-01T00:00:00Z',
  carried: [],
  created: [],
};
afterEach(() => journal.finish());

describe('a journal', () => {
  it.each(['', '{', 'null', '{}', '[]', '"x"', '7', '{"run":"r1"}', '{"run":1,"carried":[],"created":[]}'])(
    'whose head is %j says only that something began',
    (text) => {
      writeFileSync(path.join(folder, 'journal.json'), text);
      expect(journal.read()).toMatchObject({ head: { run: '', carried: [], created: [] }, unfinished: [] });
    },
  );

  it.each(['null', '7', '"x"', '[]', '{}', '{"type":"apply_start"', '{"type":"apply_start","hook":{}}'])(
    'passes over the line %s',
    (line) => {
      journal.begin(head);
      const start = {
        type: 'apply_start',
        hook: { action: 'create', resource: { addr: 'terraform_data.a' } },
      };
      writeFileSync(journal.lines, `${line}\n${JSON.stringify(start)}\n${line}`);
      expect(journal.read()!.unfinished).toEqual(['terraform_data.a']);
    },
  );

  it('counts for the run of the mark, and for the one that this has followed', () => {
    journal.begin(head);
    const found = journal.read();
    expect(isOfMark(found, { run: 'r1' })).toBe(true);
    expect(isOfMark(found, { run: 'r2', follows: 'r1' })).toBe(true);
    expect(isOfMark(found, { run: 'r2' })).toBe(false);
    expect(isOfMark(found, { run: 'r3', follows: 'r2' })).toBe(false);
    expect(isOfMark(found, undefined)).toBe(false);
    expect(isOfMark(undefined, { run: 'r1' })).toBe(false);
  });
});
