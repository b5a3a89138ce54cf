import type { StateFile } from '../state/state-file';
import { differences, digestOf, type Digest, type DigestParts } from './digest';
import { stampConfig } from './stamp';
import { unsettled } from './state-health';

const parts: DigestParts = {
  config: { resource: { t: { n: { x: 1, '//': { metadata: { path: 'p' } } } } }, '//': { version: '1' } },
  assets: [{ path: 'a.txt', content: Buffer.from('1') }],
  lockEntries: ['provider x'],
  engine: 'terraform 1.11',
  location: { type: 'local', path: 'p' },
  upstream: { 'e/dev/up#host': 'h' },
  outside: {},
  targets: {},
};
const digest = (change: Partial<DigestParts> = {}): Digest => digestOf({ ...parts, ...change });

describe('a digest', () => {
  it('does not depend on the order of keys or on metadata', () => {
    expect(digest({ config: { '//': { version: '2' }, resource: { t: { n: { '//': 1, x: 1 } } } } })).toEqual(
      digest(),
    );
    expect(differences(digest(), digest())).toEqual([]);
  });

  it.each<[string, Partial<DigestParts>, string]>([
    ['configuration', { config: { resource: {} } }, 'its configuration changed'],
    [
      'name of an asset',
      { assets: [{ path: 'b.txt', content: Buffer.from('1') }] },
      'a file beside its configuration changed',
    ],
    [
      'content of an asset',
      { assets: [{ path: 'a.txt', content: Buffer.from('2') }] },
      'a file beside its configuration changed',
    ],
    ['lock', { lockEntries: ['provider y'] }, 'its provider lock changed'],
    ['engine', { engine: 'terraform 1.12' }, 'the engine changed: terraform 1.11 -> terraform 1.12'],
    ['backend', { location: { type: 'local', path: 'q' } }, 'its state moved'],
    ['upstream value', { upstream: { 'e/dev/up#host': 'i' } }, 'the output host of e/dev/up changed'],
    ['upstream read', { upstream: {} }, 'the output host of e/dev/up changed'],
    ['input from outside', { outside: { 'variable size': 'h' } }, 'the variable size changed'],
    [
      'target',
      { targets: { 'Docker daemon': { value: 'tcp://a' } } },
      'the Docker daemon was not recorded yet: tcp://a',
    ],
  ])('names a change of the %s', (_, change, reason) => {
    expect(differences(digest(), digest(change))).toEqual([reason]);
  });
});

it('a digest without inputs from outside is as it was before there were any', () => {
  expect(digest()).not.toHaveProperty('outside');
  const applied = digest({ outside: { 'variable size': 'a', 'file /x': 'b' } });
  expect(differences(applied, digest({ outside: { 'variable size': 'a', 'file /x': 'c' } }))).toEqual([
    'the file /x changed',
  ]);
  expect(differences(applied, digest())).toEqual(['the file /x changed', 'the variable size changed']);
});

it('a digest without targets is as it was before there were any, and one with some keeps them in clear', () => {
  const at = (value: string, identity?: string): Digest =>
    digest({ targets: { 'Docker daemon': { value, ...(identity === undefined ? {} : { identity }) } } });
  expect(digest()).not.toHaveProperty('targets');
  expect(at('tcp://a').targets).toEqual({ 'Docker daemon': { value: 'tcp://a' } });
  expect(differences(at('tcp://a'), at('tcp://a'))).toEqual([]);
  expect(differences(at('tcp://a'), at('tcp://b'))).toEqual([
    'the Docker daemon changed: tcp://a -> tcp://b',
  ]);
  expect(differences(at('tcp://a', 'x'), at('tcp://b', 'x'))).toEqual([]);
  expect(differences(at('tcp://a', 'x'), at('tcp://a', 'y'))).toHaveLength(1);
  expect(differences(at('tcp://a'), digest())).toEqual([
    'the Docker daemon is no longer chosen outside of the source: it was tcp://a',
  ]);
});

describe('the stamp', () => {
  it('depends on every resource and module, and escapes what Terraform would read as a template', () => {
    const config = {
      resource: { t: { n: {}, m: {} } },
      module: { k: {} },
      output: { o: { value: '${t.n.id}' } },
    };
    const stack = { config, dependencies: [], hooks: [{ module: 'm', data: '${x} %{y}' }] };
    const { resource } = stampConfig(stack as never, digest()) as {
      resource: {
        terraform_data: { mlterra: { depends_on: string[]; input: { stamp: string; outputs: object } } };
      };
    };
    const { mlterra } = resource.terraform_data;
    expect(mlterra.depends_on).toEqual(['module.k', 't.m', 't.n']);
    expect(mlterra.input.outputs).toEqual({ o: '${t.n.id}' });
    expect(mlterra.input.stamp).toContain('$${x} %%{y}');
  });
});

describe('a state', () => {
  const config = {
    resource: {
      t: { one: {}, many: { count: 2 }, each: { for_each: { a: 1 } }, open: { count: '${var.n}' } },
    },
  };
  const resource = (name: string, instances: object[], module?: string): object => ({
    mode: 'managed',
    type: 't',
    name,
    provider: '',
    instances,
    module,
  });
  const good = [
    resource('one', [{}]),
    resource('many', [{ indexKey: 0 }, { indexKey: 1 }]),
    resource('each', [{ indexKey: 'a' }]),
  ];
  const reasons = (resources: object[]): readonly string[] =>
    unsettled({ outputs: {}, resources } as unknown as StateFile, config);

  it('is settled when every declared instance is there', () => {
    expect(reasons(good)).toEqual([]);
    expect(reasons([...good, resource('open', [{ indexKey: 7 }])])).toEqual([]);
  });

  it.each<[string, object[], string]>([
    [
      'tainted',
      [resource('one', [{ status: 'tainted' }]), ...good.slice(1)],
      't.one is tainted: its creation did not finish',
    ],
    [
      'deposed',
      [resource('one', [{}, { deposed: 'ab12' }]), ...good.slice(1)],
      'a replaced t.one was not destroyed',
    ],
    ['undeclared', [...good, resource('gone', [{}])], 't.gone is no longer defined, but still there'],
    [
      'an undeclared instance',
      [good[0]!, resource('many', [{ indexKey: 0 }, { indexKey: 1 }, { indexKey: 2 }]), good[2]!],
      't.many[2] is no longer defined, but still there',
    ],
    ['missing', good.slice(1), 't.one is not there'],
    [
      'a missing instance',
      [good[0]!, resource('many', [{ indexKey: 0 }]), good[2]!],
      't.many[1] is not there',
    ],
    [
      'of a module that is gone',
      [...good, resource('x', [{}], 'module.k')],
      'module.k.t.x is no longer defined, but still there',
    ],
  ])('is not settled when something is %s', (_, resources, reason) => {
    expect(reasons(resources)).toEqual([reason]);
  });

  const stamped = (outputs: Record<string, unknown>, inStamp: Record<string, unknown>): readonly string[] => {
    const input = { value: { format: 1, stamp: JSON.stringify({ digest: digest() }), outputs: inStamp } };
    const stamp = {
      mode: 'managed',
      type: 'terraform_data',
      name: 'mlterra',
      instances: [{ attributes: { input } }],
    };
    const values = Object.entries(outputs).map(([name, value]) => [name, { value, sensitive: false }]);
    return unsettled({ outputs: Object.fromEntries(values), resources: [...good, stamp] } as never, config);
  };

  it.each<[string, Record<string, unknown>, Record<string, unknown>]>([
    ['are the same', { a: 1, b: ['x', { c: null }] }, { b: ['x', { c: null }], a: 1 }],
    ['are null, which Terraform does not write', { a: 1 }, { a: 1, b: null, c: null }],
    ['are null in both', { a: 1, b: null }, { a: 1, b: null }],
    ['are none', {}, {}],
  ])('is settled when the outputs of the stamp %s', (_, outputs, inStamp) => {
    expect(stamped(outputs, inStamp)).toEqual([]);
  });

  it.each<[string, Record<string, unknown>, Record<string, unknown>]>([
    ['differ in one value', { a: 1, b: 2 }, { a: 1, b: 3 }],
    ['differ in a null within a value', { a: 1, b: [{ c: null }] }, { a: 1, b: [{}] }],
    ['are more', { a: 1 }, { a: 1, b: null, c: 2 }],
    ['are fewer', { a: 1, b: 2 }, { a: 1 }],
    ['have the value of a null', { a: 1, b: 2 }, { a: 1, b: null }],
    ['differ in the type', { a: '1' }, { a: 1 }],
  ])('is not settled when the outputs of the stamp %s', (_, outputs, inStamp) => {
    expect(stamped(outputs, inStamp)).toEqual(['its outputs were not written completely']);
  });
});
