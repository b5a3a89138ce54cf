import { coveringHostname, isHostname, listenerName } from './hostnames';

describe('a host name', () => {
  const label = 'a'.repeat(63);

  it.each([
    'example.org',
    'localhost',
    '*.example.org',
    'a-1.example.org',
    '1.example.org',
    `${label}.org`,
    `${label}.${label}.${label}.${'a'.repeat(61)}`,
  ])('can be %s', (name) => expect(isHostname(name)).toBe(true));

  it.each([
    '',
    '*',
    '192.0.2.1',
    'Example.org',
    'example.org.',
    '.example.org',
    'a..b',
    '-a.org',
    'a-.org',
    'a.*.org',
    '*.*.org',
    'a*.org',
    'a_b.org',
    'example.org:80',
    'https://example.org',
    `a${label}.org`,
    `${label}.${label}.${label}.${'a'.repeat(62)}`,
  ])('cannot be %j', (name) => expect(isHostname(name)).toBe(false));
});

describe('the name of a gateway that covers another', () => {
  const served = ['example.org', '*.example.org', 'mlflow.example.org', '*.dev.example.org'];

  it.each<[string, string | undefined]>([
    ['example.org', 'example.org'],
    ['mlflow.example.org', 'mlflow.example.org'],
    ['lakefs.example.org', '*.example.org'],
    ['a.dev.example.org', '*.dev.example.org'],
    ['a.b.example.org', undefined],
    ['example.com', undefined],
    ['org', undefined],
    ['*.example.org', '*.example.org'],
  ])('of %s is %s', (name, expected) => expect(coveringHostname(served, name)).toBe(expected));

  it('is none for a name without a dot, though a wildcard looks like it', () => {
    expect(coveringHostname(['*.localhost'], 'localhost')).toBeUndefined();
    expect(coveringHostname([], 'example.org')).toBeUndefined();
  });
});

it('a listener is named after its scheme and name', () => {
  expect(listenerName('http', 'a.example.org')).toBe('http-a-example-org');
  expect(listenerName('https', '*.example.org')).toBe('https-any-example-org');
});
