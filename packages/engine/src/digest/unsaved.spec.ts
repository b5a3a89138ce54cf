import type { Journal } from '../journal/journal';
import { resource, stateFile } from '../testing/paper-run';
import { importConfig, unsavedWork } from './unsaved';

interface Said {
  readonly created?: readonly (readonly [string, string | undefined])[];
  readonly here?: readonly (readonly [string, string])[];
  readonly destroyed?: readonly (readonly [string, readonly string[]])[];
}

const journal = ({ created = [], here = [], destroyed = [] }: Said): Journal => ({
  head: { run: 'r', command: 'apply', since: 's', carried: [], created: [] },
  unfinished: [],
  created: new Map([...created, ...here]),
  createdHere: new Map(here),
  destroyed: new Map(destroyed),
  events: [],
});
const A = 'terraform_data.A';
const withA = (id: string, more: object = {}) =>
  stateFile({
    resources: [resource('A', { instances: [{ attributes: { id }, schemaVersion: 0, ...more }] })],
  });
const config = { resource: { terraform_data: { A: {} } } };
const nothing = { adopt: [], drop: [], displace: [], reasons: [] };
const work = (state: ReturnType<typeof withA>, said: Said) => unsavedWork(state, journal(said), config);
const empty = stateFile({ resources: [] });

describe('what a run did and could not save', () => {
  it('is nothing without a journal, and where the state has it all', () => {
    expect(unsavedWork(withA('1'), undefined, config)).toEqual(nothing);
    expect(work(withA('1'), { here: [[A, '1']] })).toEqual(nothing);
    expect(work(withA('2'), { here: [[A, '2']], destroyed: [[A, ['1']]] })).toEqual(nothing);
  });

  it('is imported where it was created, and says why', () => {
    expect(work(empty, { here: [[A, '1']] })).toEqual({
      ...nothing,
      adopt: [{ address: A, id: '1' }],
      reasons: [`${A} is imported: a killed run created it (id 1) and could not save that`],
    });
    expect(work(empty, { created: [[A, undefined]] })).toEqual(nothing);
  });

  it.each([
    [
      {},
      'is imported, for the plan to decide on: a killed run created it (id 1) and could not save that, and the source no longer has it',
    ],
    [undefined, 'is imported: a killed run created it (id 1) and could not save that'],
  ])('is reported with the source %j', (source, said) => {
    expect(unsavedWork(empty, journal({ here: [[A, '1']] }), source).reasons).toEqual([`${A} ${said}`]);
  });

  it('leaves the state where it was destroyed', () => {
    expect(work(withA('1'), { destroyed: [[A, ['0', '1']]] })).toEqual({
      ...nothing,
      drop: [{ address: A, id: '1' }],
      reasons: [`${A} leaves the state: a killed run destroyed it (id 1) and could not save that`],
    });
    expect(work(withA('1'), { destroyed: [[A, ['2']]] })).toEqual(nothing);
    expect(work(withA('1', { deposed: 'd' }), { destroyed: [[A, ['1']]] })).toEqual(nothing);
  });

  it('leaves the state and is imported where it was replaced', () => {
    expect(work(withA('1'), { here: [[A, '2']], destroyed: [[A, ['1']]] })).toEqual({
      adopt: [{ address: A, id: '2' }],
      drop: [{ address: A, id: '1' }],
      displace: [],
      reasons: [`${A} is imported: a killed run created it (id 2) and could not save that`],
    });
  });

  it('makes room where its replacement was created first', () => {
    expect(work(withA('1'), { here: [[A, '2']] })).toEqual({
      adopt: [{ address: A, id: '2' }],
      drop: [],
      displace: [{ address: A, id: '1' }],
      reasons: [
        `${A} is imported: a killed run created it (id 2) and could not save that`,
        `what ${A} was before (id 1) is destroyed: a killed run created its replacement, and did not come to that`,
      ],
    });
  });

  it('is left alone where an import gave it another id: an earlier run had created it', () => {
    expect(work(withA('as imported'), { created: [[A, '1']] })).toEqual(nothing);
  });

  it('is imported by blocks', () => {
    expect(importConfig([{ address: A, id: '1' }])).toEqual({ import: [{ to: A, id: '1' }] });
  });
});
