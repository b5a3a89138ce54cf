import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { KnownInstance } from '../digest/unsaved';
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

  describe('of what is replaced', () => {
    const address = 'terraform_data.a';
    const line = (type: string, action: string, id?: string): string =>
      JSON.stringify({
        type,
        hook: {
          action,
          resource: { addr: address },
          ...(id === undefined ? {} : { id_key: 'id', id_value: id }),
        },
      });
    // As Terraform 1.11 writes it for `create_before_destroy`.
    const before = [
      line('apply_start', 'create'),
      line('apply_complete', 'create', 'new'),
      line('apply_start', 'delete', 'old'),
      line('apply_complete', 'delete', 'old'),
    ];
    const after = [...before.slice(2), ...before.slice(0, 2)];
    const left = (lines: readonly string[], created: readonly KnownInstance[] = []) => {
      journal.begin({ ...head, carried: created.map((one) => one.address), created });
      writeFileSync(journal.lines, lines.join('\n'));
      const found = journal.read()!;
      return { unfinished: found.unfinished, created: [...found.created], destroyed: [...found.destroyed] };
    };

    it.each([
      ['before it is destroyed', before],
      ['after it was destroyed', after],
    ])('%s keeps the new object, and knows that the old one is gone', (_, lines) => {
      const both = { unfinished: [], created: [[address, 'new']], destroyed: [[address, ['old']]] };
      expect(left(lines)).toEqual(both);
      expect(left(lines, [{ address, id: 'old' }])).toEqual(both);
    });

    it('says nothing of two objects of one address that are destroyed at once, one of them deposed', () => {
      // Terraform says only once that one of them is gone, and not which.
      const lines = [line('apply_start', 'delete', 'deposed'), before[2]!, before[3]!];
      expect(left(lines)).toEqual({ unfinished: [], created: [], destroyed: [] });
      expect(left([before[2]!, before[3]!, line('apply_start', 'delete', 'deposed'), before[3]!])).toEqual({
        unfinished: [],
        created: [],
        destroyed: [[address, ['old', 'deposed']]],
      });
    });

    it('forgets what an earlier run created, once it is destroyed', () => {
      const gone = { unfinished: [], created: [], destroyed: [[address, ['old']]] };
      expect(left(before.slice(2), [{ address, id: 'old' }])).toEqual(gone);
    });
  });

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
