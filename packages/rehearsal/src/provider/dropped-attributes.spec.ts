import { droppedAttributes } from './dropped-attributes';
import { acme, block, blocks, optional } from './testing/schemas';

const schema = {
  ...acme,
  resources: {
    ...acme.resources,
    acme_rule: {
      version: 0,
      block: block(
        { from: optional(['list', ['object', { port: 'number' }]]), labels: optional(['map', 'string']) },
        { scope: blocks('list', block({ match: optional(['map', ['object', { any: 'string' }]]) })) },
      ),
    },
  },
};

test('what no object has is named with its place', () => {
  const config = {
    resource: {
      acme_release: { app: { name: 'a', values: [{ name: 'b' }, { name: 'c', kind: 'd' }] } },
      acme_rule: {
        one: {
          from: [{ port: 1, protocol: 'tcp' }],
          labels: { anything: 'goes' },
          scope: { match: { some: { any: 'a', all: 'b' } } },
        },
      },
    },
  };
  expect(droppedAttributes(config, [schema])).toEqual([
    { address: 'acme_release.app', path: 'values[1].kind', known: ['name', 'value', 'revision'] },
    { address: 'acme_rule.one', path: 'from[0].protocol', known: ['port'] },
    { address: 'acme_rule.one', path: 'scope.match["some"].all', known: ['any'] },
  ]);
});

test('what is a reference, or left to Terraform, is let be', () => {
  const config = {
    resource: {
      acme_release: { app: { name: 'a', unknown: {}, values: '${local.values}', lifecycle: { a: 1 } } },
      acme_other: { app: { values: [{ kind: 'a' }] } },
    },
    data: { acme_images: { all: { filter: 'a' } } },
  };
  expect(droppedAttributes(config, [schema])).toEqual([]);
});
