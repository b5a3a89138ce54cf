import { createHash } from 'node:crypto';
import { decode, encode, ExtensionCodec } from '@msgpack/msgpack';
import type { DynamicValue } from './messages';

/** A value that is known only after the apply. */
class Unknown {
  toJSON(): string {
    return '(known after apply)';
  }
}

export const unknown = new Unknown();

/**
 * A value of Terraform's type system: objects and maps are plain objects; lists, sets and tuples are arrays. Whole
 * numbers beyond 2^53 are bigints, fractions that no double holds are strings. A value of type `dynamic` is the
 * pair of its type, in bytes of JSON, and itself.
 */
export type Value =
  null | boolean | number | bigint | string | Uint8Array | Unknown | Value[] | { [name: string]: Value };

export type ObjectValue = { [name: string]: Value };

const extensionCodec = new ExtensionCodec();
// Terraform writes an unknown value as extension 0, and as 12 when it knows something about it.
for (const type of [0, 12]) {
  extensionCodec.register({
    type,
    encode: (value) => (value instanceof Unknown && type === 0 ? new Uint8Array(1) : null),
    decode: () => unknown,
  });
}

const codec = { extensionCodec, useBigInt64: true } as const;

export function decodeValue(value: DynamicValue | null | undefined): Value {
  if (value?.msgpack && value.msgpack.length > 0) return decode(value.msgpack, codec) as Value;
  if (value?.json && value.json.length > 0) return JSON.parse(Buffer.from(value.json).toString()) as Value;
  return null;
}

export function encodeValue(value: Value): DynamicValue {
  return { msgpack: encode(value, codec) };
}

export function isObject(value: Value | undefined): value is ObjectValue {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Uint8Array) &&
    !(value instanceof Unknown)
  );
}

export function containsUnknown(value: Value | undefined): boolean {
  if (value === unknown) return true;
  if (Array.isArray(value)) return value.some(containsUnknown);
  return isObject(value) && Object.values(value).some(containsUnknown);
}

/** Text that is equal for equal values, whatever the order of their keys. */
export function canonical(value: Value | undefined): string {
  if (value === undefined || value === null) return 'null';
  if (value === unknown) return '?';
  if (typeof value === 'bigint') return value.toString();
  if (value instanceof Uint8Array) return `b${Buffer.from(value).toString('base64')}`;
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (isObject(value)) {
    const names = Object.keys(value).sort();
    return `{${names.map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join()}}`;
  }
  return JSON.stringify(value);
}

export function equal(one: Value | undefined, other: Value | undefined): boolean {
  return one === other || canonical(one) === canonical(other);
}

export function digest(value: Value | undefined): string {
  return createHash('sha256').update(canonical(value)).digest('base64url').slice(0, 16);
}
