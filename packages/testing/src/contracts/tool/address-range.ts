/** Whether an IPv4 address is in a range, e.g. `10.1.2.3` in `10.0.0.0/8`. */
export function isIn(address: string, range: string): boolean {
  const [base = '', length = '32'] = range.split('/');
  const mask = BigInt(length) === 0n ? 0n : (0xffffffffn << (32n - BigInt(length))) & 0xffffffffn;
  const [one, other] = [bits(address), bits(base)];
  return one !== undefined && other !== undefined && (one & mask) === (other & mask);
}

function bits(address: string): bigint | undefined {
  const parts = address.split('.').map(Number);
  if (parts.length !== 4 || !parts.every((part) => Number.isInteger(part) && part >= 0 && part < 256)) {
    return undefined;
  }
  return parts.reduce((all, part) => all * 256n + BigInt(part), 0n);
}
