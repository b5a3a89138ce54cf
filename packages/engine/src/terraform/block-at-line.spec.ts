import { blockAtLine } from './block-at-line';

const text = JSON.stringify(
  {
    '//': { metadata: { version: '1' } },
    terraform: { required_providers: { a: { source: 'b/a' } } },
    provider: { google: [{ project: 'p' }] },
    variable: { size: { type: 'string' } },
    data: { http: { page: { url: 'u' } } },
    resource: {
      t_one: {
        first: { '//': { metadata: { path: 'dev-a/First', uniqueId: 'first' } }, nested: { deep: { x: 1 } } },
        'with "quotes"': { x: 1 },
      },
      t_two: { second: { '//': { metadata: { path: 7 } } } },
    },
    output: { url: { value: 'v', '//': { metadata: { path: 'dev-a/url' } } } },
  },
  null,
  2,
);
/** The line of a row that holds this text, counted from 1. */
const line = (part: string): number => text.split('\n').findIndex((row) => row.includes(part)) + 1;

it.each([
  ['"uniqueId"', { address: 't_one.first', constructPath: 'dev-a/First' }],
  ['"deep"', { address: 't_one.first', constructPath: 'dev-a/First' }],
  ['"with \\\\"quotes', { address: 't_one.with \\"quotes\\"' }],
  ['"second"', { address: 't_two.second' }],
  ['"url": "u"', { address: 'data.http.page' }],
  ['"value"', { address: 'output.url', constructPath: 'dev-a/url' }],
  ['"project"', { address: 'provider.google' }],
  ['"type"', { address: 'variable.size' }],
])('the line of %s is in a block', (part, block) => {
  expect(blockAtLine(text, line(part.replace('\\\\', '\\')))).toEqual(block);
});

it.each(['"required_providers"', '"version"', '"resource"', '"t_one"', '"data"'])(
  'that of %s is in none',
  (part) => {
    expect(blockAtLine(text, line(part))).toBeUndefined();
  },
);
