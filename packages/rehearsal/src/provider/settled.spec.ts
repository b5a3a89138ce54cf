import { unknown } from '../protocol/values';
import { isSettled, settledOf } from './settled';
import { block, blocks, computed, optional, optionalComputed } from './testing/schemas';

const flags = { required: false, optional: true, computed: false };
const schema = block(
  {
    name: optional('string'),
    zones: optional(['set', 'string']),
    order: optional(['list', 'string']),
    rules: optional(['map', ['set', ['object', { ports: ['set', 'number'] }]]]),
    pair: optional(['tuple', [['set', 'string'], 'string']]),
    id: computed('string'),
    members: {
      ...flags,
      nested: { nesting: 'set', attributes: { name: optional('string'), tags: optional(['set', 'string']) } },
    },
    steps: { ...flags, nested: { nesting: 'list', attributes: { name: optional('string') } } },
  },
  {
    pool: blocks('set', block({ name: optional('string'), size: optionalComputed('number') })),
    step: blocks('list', block({ name: optional('string') })),
    named: blocks('map', block({ zones: optional(['set', 'string']) })),
    access: blocks('single', block({ zones: optional(['set', 'string']) })),
  },
);

/** Whether what became of one configuration is still settled for another one, and another state. */
function stays(name: string, config: unknown, state: unknown, later: unknown, laterState = state): boolean {
  const settled = settledOf(schema, { [name]: config } as never, { [name]: state } as never);
  return isSettled(schema, name, later as never, laterState as never, settled);
}

it('only what became something else is noted', () => {
  const settled = settledOf(schema, { name: 'a', zones: null }, { name: 'a', zones: ['x'], id: 'id-1' });
  expect(Object.keys(settled).sort()).toEqual(['id', 'zones']);
  expect(isSettled(schema, 'name', 'a', 'a', settled)).toBe(false);
});

it.each<[string, unknown, unknown, unknown, unknown?]>([
  ['id', null, 'id-1', null],
  ['zones', ['a', 'b'], ['a', 'b', 'c'], ['b', 'a'], ['c', 'a', 'b']],
  ['rules', { x: [{ ports: [1, 2] }] }, { y: [] }, { x: [{ ports: [2, 1] }] }],
  ['pair', [['a', 'b'], 'c'], null, [['b', 'a'], 'c']],
  [
    'members',
    [{ name: 'a', tags: ['x', 'y'] }, { name: 'b' }],
    [],
    [{ name: 'b' }, { tags: ['y', 'x'], name: 'a' }],
  ],
  ['pool', [{ name: 'a' }, { name: 'b' }], [{ name: 'a', size: 1 }], [{ name: 'b' }, { name: 'a' }]],
  ['named', { x: { zones: ['a', 'b'] } }, {}, { x: { zones: ['b', 'a'] } }],
  ['access', { zones: ['a', 'b'] }, null, { zones: ['b', 'a'] }],
  ['step', [{ name: 'a' }], [{ name: 'b' }], [{ name: 'a' }]],
])(
  '%s stays settled, in whatever order the elements of sets come',
  (name, config, state, later, ...[laterState]) => {
    expect(stays(name, config, state, later, laterState === undefined ? state : laterState)).toBe(true);
  },
);

it.each<[string, unknown, unknown, unknown, unknown?]>([
  ['id', null, 'id-1', null, 'id-2'],
  ['zones', ['a', 'b'], ['a', 'b', 'c'], ['a']],
  ['zones', ['a', 'b'], ['a', 'b', 'c'], ['a', 'b'], ['a', 'b']],
  ['order', ['a', 'b'], [], ['b', 'a']],
  ['pair', [['a', 'b'], 'c'], null, [['b', 'a'], 'd']],
  ['members', [{ name: 'a' }, { name: 'b' }], [], [{ name: 'b' }, { name: 'c' }]],
  ['steps', [{ name: 'a' }, { name: 'b' }], [], [{ name: 'b' }, { name: 'a' }]],
  ['step', [{ name: 'a' }, { name: 'b' }], [], [{ name: 'b' }, { name: 'a' }]],
  ['named', { x: { zones: ['a'] } }, {}, { y: { zones: ['a'] } }],
  ['rules', { x: [{ ports: [1] }] }, {}, { x: [{ ports: [1, 2] }] }],
  ['zones', ['a', unknown], ['a', 'b'], ['a', unknown]],
  ['zones', ['a'], ['a', 'b'], unknown],
])('%s is not settled any more: %#', (name, config, state, later, ...[laterState]) => {
  expect(stays(name, config, state, later, laterState === undefined ? state : laterState)).toBe(false);
});
