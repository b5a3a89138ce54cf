import { createHash } from 'node:crypto';
import type { Value } from '../protocol/values';

/** What is known of a resource while the values that only a cloud would know are made up. */
export interface FakeContext {
  readonly type: string;
  /** Differs between two resources that differ in anything, and is the same in every rehearsal. */
  readonly seed: string;
  /** Value of a top-level attribute, made up if need be; undefined where there is none. */
  get(name: string): Value | undefined;
  /** What the provider was configured with, as far as it is text. */
  readonly defaults: Readonly<Record<string, string>>;
}

/** A made-up value of a top-level attribute; undefined where the rule does not apply. */
export type Rule = (context: FakeContext) => Value | undefined;

/** A top-level attribute that is text. */
export function textOf(context: FakeContext, name: string): string | undefined {
  const value = context.get(name);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function numberOf(context: FakeContext, name: string): number | undefined {
  const value = context.get(name);
  return typeof value === 'number' || typeof value === 'bigint' ? Number(value) : undefined;
}

/** As many bytes as wanted that depend on the text only. */
export function bytesFor(text: string, length: number): Buffer {
  const blocks: Buffer[] = [];
  for (let index = 0; index * 32 < length; index++) {
    blocks.push(createHash('sha256').update(`${index} ${text}`).digest());
  }
  return Buffer.concat(blocks).subarray(0, length);
}

export function hexFor(text: string, length: number): string {
  return bytesFor(text, Math.ceil(length / 2))
    .toString('hex')
    .slice(0, length);
}

/** Digits, the first of them no zero. */
export function digitsFor(text: string, length: number): string {
  const digits = [...bytesFor(text, length)].map((byte) => byte % 10);
  return `${(digits[0]! % 9) + 1}${digits.slice(1).join('')}`;
}

/** Characters of an alphabet. */
export function lettersFor(text: string, length: number, alphabet: string): string {
  return [...bytesFor(text, length)].map((byte) => alphabet[byte % alphabet.length]).join('');
}

export function uuidFor(text: string): string {
  const hex = hexFor(text, 32);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
}

/** Text in the form of a PEM file. It holds no key and no certificate. */
export function pemFor(text: string, label: string): string {
  const lines = bytesFor(text, 288)
    .toString('base64')
    .match(/.{1,64}/g)!;
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}

export function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
