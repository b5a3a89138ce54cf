import type { AttributeSchema, BlockSchema, Nesting } from '../schema/model';
import { proposedState } from './proposed-state';

const none = { required: false, optional: false, computed: false };
const optional: AttributeSchema = { type: 'string', ...none, optional: true };
const computed: AttributeSchema = { type: 'string', ...none, computed: true };
const both: AttributeSchema = { type: 'string', ...none, optional: true, computed: true };

const plain: BlockSchema = { attributes: { given: optional, made: computed, either: both }, blocks: {} };

function nested(nesting: Nesting): BlockSchema {
  return { attributes: {}, blocks: { part: { nesting, block: plain, minItems: 0, maxItems: 0 } } };
}

const element = (given: string | null, made: string | null, either: string | null = null) => ({
  given,
  made,
  either,
});

test('what is configured counts, and what is computed stays where nothing is', () => {
  expect(proposedState(plain, element('a', 'b', 'c'), element('x', null))).toEqual(element('x', 'b', 'c'));
  expect(proposedState(plain, element('a', 'b', 'c'), element(null, null, 'z'))).toEqual(
    element(null, 'b', 'z'),
  );
});

test('what is only written is never proposed', () => {
  const block: BlockSchema = { attributes: { secret: { ...optional, writeOnly: true } }, blocks: {} };
  expect(proposedState(block, { secret: null }, { secret: 'a' })).toEqual({ secret: null });
});

test('elements of a list are followed by their place', () => {
  const prior = { part: [element('a', '1'), element('b', '2')] };
  const config = { part: [element('b', null), element('a', null), element('c', null)] };
  expect(proposedState(nested('list'), prior, config)).toEqual({
    part: [element('b', '1'), element('a', '2'), element('c', null)],
  });
});

test('elements of a set are followed by what is configured, each once', () => {
  const prior = { part: [element('a', '1'), element('a', '2'), element('b', '3')] };
  const config = { part: [element('b', null), element('a', null), element('c', null)] };
  expect(proposedState(nested('set'), prior, config)).toEqual({
    part: [element('b', '3'), element('a', '1'), element('c', null)],
  });
});

test('elements of a map are followed by their keys', () => {
  const prior = { part: { one: element('a', '1') } };
  const config = { part: { two: element('a', null), one: element('b', null) } };
  expect(proposedState(nested('map'), prior, config)).toEqual({
    part: { two: element('a', null), one: element('b', '1') },
  });
});

test('a single block and a nested attribute', () => {
  const block: BlockSchema = {
    ...nested('single'),
    attributes: {
      set: { nested: { nesting: 'single', attributes: plain.attributes }, ...none, optional: true },
    },
  };
  expect(
    proposedState(
      block,
      { part: element('a', '1'), set: element('a', '1') },
      { part: null, set: element('b', null) },
    ),
  ).toEqual({ part: null, set: element('b', '1') });
});
