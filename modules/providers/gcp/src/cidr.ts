import { cidrInvalid, cidrTooSmall, openToInternet } from './errors';

/** A range of IPv4 addresses, as numbers. */
export interface AddressRange {
  readonly first: number;
  readonly last: number;
  readonly prefixLength: number;
}

/** Reads `a.b.c.d/n`; undefined where the text is none, or has bits set behind the prefix. */
export function parseCidr(text: string): AddressRange | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(text);
  if (!match) return undefined;
  const [a, b, c, d, prefixLength] = match.slice(1).map(Number) as [number, number, number, number, number];
  if ([a, b, c, d].some((byte) => byte > 255) || prefixLength > 32) return undefined;
  const first = ((a * 256 + b) * 256 + c) * 256 + d;
  const size = 2 ** (32 - prefixLength);
  return first % size === 0 ? { first, last: first + size - 1, prefixLength } : undefined;
}

/** A range of a network of one's own, with room for what is put into it. */
export function networkRange(path: string, field: string, text: string, longestPrefix: number): AddressRange {
  const range = parseCidr(text);
  if (range === undefined) throw cidrInvalid(path, field, text);
  if (range.prefixLength > longestPrefix) throw cidrTooSmall(path, field, text, longestPrefix);
  return range;
}

/** A range that clients come from: not the internet, nor half of it. */
export function clientRange(path: string, field: string, text: string): AddressRange {
  const range = parseCidr(text);
  if (range === undefined) throw cidrInvalid(path, field, text);
  if (range.prefixLength < 8) throw openToInternet(path, field, text);
  return range;
}

export function overlap(one: AddressRange, other: AddressRange): boolean {
  return one.first <= other.last && other.first <= one.last;
}

/** Ranges that are not routed in the internet: RFC 1918 and RFC 6598. */
const PRIVATE_RANGES = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10'].map((text) =>
  parseCidr(text)!,
);

export function isPrivate(range: AddressRange): boolean {
  return PRIVATE_RANGES.some(({ first, last }) => range.first >= first && range.last <= last);
}
