import { clientRange, isPrivate, networkRange, overlap, parseCidr } from './cidr';

describe('parseCidr', () => {
  it('reads a range', () => {
    expect(parseCidr('10.1.0.0/16')).toEqual({ first: 0x0a010000, last: 0x0a01ffff, prefixLength: 16 });
    expect(parseCidr('0.0.0.0/0')).toEqual({ first: 0, last: 0xffffffff, prefixLength: 0 });
  });

  it.each([
    '10.0.0.1/16',
    '256.0.0.0/8',
    '10.256.0.0/16',
    '10.0.256.0/24',
    '10.0.0.0/16 ',
    '10.0.0.0',
    '10.0.0/8',
    '10.0.0.256/32',
    '10.0.0.0/33',
    ' 10.0.0.0/8',
    'fd00::/8',
  ])('takes "%s" for none', (text) => expect(parseCidr(text)).toBeUndefined());
});

describe('overlap', () => {
  it.each([
    ['10.0.0.0/16', '10.0.255.0/24', true],
    ['10.0.255.0/24', '10.0.0.0/16', true],
    ['10.0.0.0/16', '10.1.0.0/16', false],
    ['0.0.0.0/0', '192.168.0.0/24', true],
    ['10.1.0.0/16', '10.0.0.0/16', false],
    ['10.0.0.0/32', '10.0.0.0/32', true],
    ['10.0.0.0/32', '10.0.0.1/32', false],
  ])('of %s and %s is %s', (one, other, expected) => {
    expect(overlap(parseCidr(one)!, parseCidr(other)!)).toBe(expected);
  });
});

describe('isPrivate', () => {
  it.each([
    ['10.0.0.0/8', true],
    ['172.16.0.0/12', true],
    ['172.0.0.0/8', false],
    ['203.0.113.0/24', false],
    ['100.64.0.0/10', true],
    ['10.255.255.255/32', true],
    ['9.255.255.255/32', false],
    ['11.0.0.0/32', false],
    ['172.31.255.0/24', true],
    ['172.15.255.0/24', false],
    ['172.32.0.0/16', false],
    ['192.168.255.255/32', true],
    ['192.169.0.0/16', false],
    ['192.0.0.0/8', false],
    ['100.127.255.255/32', true],
    ['100.128.0.0/10', false],
    ['0.0.0.0/0', false],
  ])('of %s is %s', (text, expected) => expect(isPrivate(parseCidr(text)!)).toBe(expected));
});

describe('clientRange', () => {
  it.each(['0.0.0.0/0', '128.0.0.0/1', '64.0.0.0/7'])('refuses %s, which is the internet', (text) => {
    expect(() => clientRange('a/b', 'from', text)).toThrow(`a/b: from "${text}" lets in the internet.`);
  });

  it('refuses what is no range', () => {
    expect(() => clientRange('a/b', 'from', 'office')).toThrow('a/b: from "office" is not an IPv4 range.');
  });

  it('takes what is no more than a part of the internet', () => {
    expect(clientRange('a/b', 'from', '203.0.113.7/32').prefixLength).toBe(32);
    expect(clientRange('a/b', 'from', '11.0.0.0/8').prefixLength).toBe(8);
  });
});

describe('networkRange', () => {
  it('has room for what is put into it', () => {
    expect(networkRange('a/b', 'cidr', '10.0.0.0/20', 20).prefixLength).toBe(20);
    expect(() => networkRange('a/b', 'cidr', '10.0.0.0/21', 20)).toThrow(/^a\/b: cidr "10\.0\.0\.0\/21"/);
    expect(() => networkRange('a/b', 'cidr', '10.0.0.1/20', 20)).toThrow('is not an IPv4 range.');
  });
});
