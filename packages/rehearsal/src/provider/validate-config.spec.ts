import { block, blocks, computed, optional, required } from './testing/schemas';
import { validateConfig } from './validate-config';

const item = block({ name: required('string'), uid: computed('string'), note: optional('string') });
const schema = block(
  {
    name: required('string'),
    zone: required('string'),
    note: optional('string'),
    id: computed('string'),
    steps: {
      ...{ required: false, optional: true, computed: false },
      nested: { nesting: 'list', attributes: item.attributes },
    },
  },
  {
    pool: blocks('list', block(item.attributes, { disk: blocks('list', item) })),
    access: blocks('single', item),
  },
);
const good = { name: 'a', zone: 'b' };
const problems = (config: unknown) =>
  validateConfig(schema, config as never).map(({ severity, summary, detail, attribute }) => {
    const path = attribute!.steps.map((step) => Object.values(step).join());
    return `${severity} ${summary} ${path.join('.')}: ${detail}`;
  });
const missing = (path: string) =>
  `1 Missing required argument ${path}: The argument "${path.split('.').at(-1)}" is required, but it is null.`;
const decided = (path: string) =>
  `1 Value for unconfigurable attribute ${path}: Can't configure a value for "${path.split('.').at(-1)}": the provider decides it.`;

it.each<[string, unknown, readonly string[]]>([
  [
    'nothing where all is well',
    { ...good, note: 'x', id: null, pool: [{ name: 'a' }], access: { name: 'a' } },
    [],
  ],
  ['nothing where nothing is configured', null, []],
  ['each required argument that is missing', {}, [missing('name'), missing('zone')]],
  ['what the provider decides', { ...good, id: 'x' }, [decided('id')]],
  [
    'the element that is wrong, among several',
    { ...good, steps: [{ name: 'a' }, { note: 'b' }, { name: 'c', uid: 'd' }] },
    [missing('steps.1.name'), decided('steps.2.uid')],
  ],
  [
    'the block that is wrong, among several, and those in it',
    { ...good, pool: [{ name: 'a', disk: [{ name: 'b' }, { uid: 'c' }] }, { name: null }] },
    [missing('pool.0.disk.1.name'), decided('pool.0.disk.1.uid'), missing('pool.1.name')],
  ],
  ['a single block', { ...good, access: { uid: 'x', name: 'a' } }, [decided('access.uid')]],
])('says %s', (_, config, expected) => {
  expect(problems(config)).toEqual(expected);
});
