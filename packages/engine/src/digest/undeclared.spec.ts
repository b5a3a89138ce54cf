import { declarationOf, isProvided, providerOf } from './undeclared';

const config = {
  resource: {
    random_pet: {
      one: {},
      two: { count: 2 },
      some: { count: '${var.some}' },
      keyed: { for_each: { a: 1 } },
      set: { for_each: '${toset(["a","b"])}' },
      computed: { for_each: '${toset(["a", "${var.b}"])}' },
      other: { for_each: '${var.keys}' },
      escaped: { for_each: { 'a$${b}': 1 } },
      template: { for_each: { '${var.a}': 1 } },
    },
  },
};
const file = (address: string): unknown => {
  const found = declarationOf(config, address);
  return found && { [found.name]: (JSON.parse(found.text()) as { resource: unknown }).resource };
};
const NEW = 'mlterra-undeclared.tf.json';
const OVER = 'mlterra-undeclared_override.tf.json';

describe('what declares an instance that the source no longer has', () => {
  it.each([
    ['random_pet.gone', { [NEW]: { random_pet: { gone: {} } } }],
    ['tls_key.gone', { [NEW]: { tls_key: { gone: {} } } }],
    ['random_pet.gone[1]', { [NEW]: { random_pet: { gone: { count: 2 } } } }],
    ['random_pet.gone["a.b[0]"]', { [NEW]: { random_pet: { gone: { for_each: { 'a.b[0]': null } } } } }],
    ['random_pet.gone["$${x}"]', { [NEW]: { random_pet: { gone: { for_each: { '$${x}': null } } } } }],
    ['random_pet.one[0]', { [OVER]: { random_pet: { one: { count: 1 } } } }],
    ['random_pet.one[1]', { [OVER]: { random_pet: { one: { count: 2 } } } }],
    ['random_pet.one["a"]', { [OVER]: { random_pet: { one: { for_each: { a: null } } } } }],
    ['random_pet.two[2]', { [OVER]: { random_pet: { two: { count: 3 } } } }],
    ['random_pet.keyed["b"]', { [OVER]: { random_pet: { keyed: { for_each: { b: null } } } } }],
    ['random_pet.set["c"]', { [OVER]: { random_pet: { set: { for_each: { c: null } } } } }],
  ])('is made for %s', (address, expected) => {
    expect(file(address)).toEqual(expected);
  });

  it.each([
    'random_pet.one',
    'random_pet.escaped["a$${b}"]',
    'random_pet.template["x"]',
    'random_pet.two',
    'random_pet.two[1]',
    'random_pet.two["a"]',
    'random_pet.some[7]',
    'random_pet.keyed["a"]',
    'random_pet.keyed[0]',
    'random_pet.set["b"]',
    'random_pet.computed["c"]',
    'random_pet.other["c"]',
    'module.m.random_pet.gone',
    'module.m["k"].random_pet.gone[0]',
  ])('is not made for %s, which is declared, or cannot be', (address) => {
    expect(file(address)).toBeUndefined();
  });

  it('is made where the stack declares nothing', () => {
    expect(declarationOf({}, 'random_pet.gone')?.name).toBe(NEW);
  });

  it('has the provider that created it, where that is not the one of its type', () => {
    const text = declarationOf(config, 'random_pet.gone')!.text('random.eu');
    expect(JSON.parse(text)).toEqual({ resource: { random_pet: { gone: { provider: 'random.eu' } } } });
    const over = declarationOf(config, 'random_pet.two[2]')!.text('random.eu');
    expect(JSON.parse(over)).toEqual({ resource: { random_pet: { two: { count: 3 } } } });
  });
});

describe('the provider of what was created', () => {
  const applied = { resource: { random_pet: { here: {}, there: { provider: 'random.eu' } } } };
  it.each([
    ['random_pet.here', { provider: undefined }],
    ['random_pet.there["k"]', { provider: 'random.eu' }],
    ['random_pet.elsewhere', 'unknown'],
    ['module.m.random_pet.here', 'unknown'],
  ])('%s', (address, expected) => {
    expect(providerOf(applied, address)).toEqual(expected);
    expect(providerOf(undefined, address)).toBe('unknown');
  });

  it.each<[string, object, boolean]>([
    ['terraform', {}, true],
    ['random', {}, false],
    ['random', { terraform: { required_providers: { random: {} } } }, true],
    [
      'random',
      { terraform: { required_providers: { random: {} } }, provider: { random: [{ alias: 'eu' }] } },
      false,
    ],
    [
      'random',
      { terraform: { required_providers: { random: {} } }, provider: { random: [{}, { alias: 'eu' }] } },
      true,
    ],
    [
      'random.eu',
      { terraform: { required_providers: { random: {} } }, provider: { random: [{ alias: 'eu' }] } },
      true,
    ],
    [
      'random.us',
      { terraform: { required_providers: { random: {} } }, provider: { random: { alias: 'eu' } } },
      false,
    ],
  ])('%s of %j: %j', (provider, found, expected) => {
    expect(isProvided(found as never, provider)).toBe(expected);
  });
});
