import { gunzipSync, inflateRawSync } from 'node:zlib';
import type { NamedSecret } from './generated-secrets';

/** Shorter texts occur by chance. */
const LEAST_LENGTH = 8;

/** What is packed in what is packed is unpacked that often. */
const DEPTH = 4;

const BASE64 = /[A-Za-z0-9+/_-]{24,}={0,2}/g;
const GZIP = Buffer.from([0x1f, 0x8b]);
const ZIP_FILE = Buffer.from('PK\u0003\u0004');

/**
 * Searches texts and files for secrets as they are, in Base64 at any offset, in a URL or in JSON, and in what is packed by gzip
 * or zip or encoded by Base64, over and over.
 */
export class SecretSearch {
  /** Names of secrets by the form that is searched for. */
  private readonly forms = new Map<string, string>();

  public constructor(secrets: readonly NamedSecret[]) {
    for (const { name, value } of secrets) {
      for (const form of formsOf(value)) if (!this.forms.has(form)) this.forms.set(form, name);
    }
  }

  /** Number of different texts that are searched for. */
  public get size(): number {
    return this.forms.size;
  }

  /** Names of the secrets that stand in a text or a file; never the secrets themselves. */
  public in(content: string | Buffer): readonly string[] {
    const found = new Set<string>();
    this.search(typeof content === 'string' ? Buffer.from(content) : content, found, DEPTH);
    return [...found];
  }

  private search(content: Buffer, found: Set<string>, depth: number): void {
    const text = content.toString('latin1');
    for (const [form, name] of this.forms) if (text.includes(form)) found.add(name);
    if (depth === 0) return;
    for (const inner of unpacked(content)) this.search(inner, found, depth - 1);
    for (const [encoded] of text.matchAll(BASE64)) {
      const decoded = Buffer.from(encoded, 'base64');
      // What is no text and not packed is no encoded document, but a checksum or a key.
      if (decoded.subarray(0, 2).equals(GZIP) || isText(decoded)) this.search(decoded, found, depth - 1);
    }
  }
}

function unpacked(content: Buffer): readonly Buffer[] {
  if (content.subarray(0, 2).equals(GZIP)) return attempt(() => gunzipSync(content));
  if (content.subarray(0, 4).equals(ZIP_FILE)) return zipMembers(content);
  return [];
}

/** The members of a zip file, by their local headers: saved plans of Terraform are some. */
function zipMembers(content: Buffer): readonly Buffer[] {
  const members: Buffer[] = [];
  for (let at = content.indexOf(ZIP_FILE); at !== -1; at = content.indexOf(ZIP_FILE, at + 4)) {
    if (at + 30 > content.length) break;
    const start = at + 30 + content.readUInt16LE(at + 26) + content.readUInt16LE(at + 28);
    const isDeflated = start < content.length && content.readUInt16LE(at + 8) === 8;
    if (isDeflated) members.push(...attempt(() => inflateRawSync(content.subarray(start))));
  }
  return members;
}

function attempt(unpack: () => Buffer): readonly Buffer[] {
  try {
    return [unpack()];
  } catch {
    return [];
  }
}

function isText(content: Buffer): boolean {
  return content.every((byte) => byte >= 0x20 || (byte >= 0x09 && byte <= 0x0d));
}

/** A secret of several lines, such as a key, is searched for by each of them. */
function formsOf(secret: string): readonly string[] {
  const lines = secret.split('\n').filter((line) => line.length >= LEAST_LENGTH && !line.startsWith('-----'));
  return lines.flatMap((line) => {
    const bytes = Buffer.from(line);
    const inJson = jsonOf(line);
    const encoded = [0, 1, 2].map((offset) => base64At(bytes, offset));
    return [
      ...[line, encodeURIComponent(line), inJson, jsonOf(inJson)].map(asRead),
      ...encoded,
      ...encoded.map((text) => text.replaceAll('+', '-').replaceAll('/', '_')),
    ];
  });
}

function jsonOf(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

/** A text as it looks where bytes are read as characters. */
function asRead(text: string): string {
  return Buffer.from(text).toString('latin1');
}

/** How bytes look in the Base64 of something that they stand in, without the characters that they share with others. */
function base64At(bytes: Buffer, offset: number): string {
  const encoded = Buffer.concat([Buffer.alloc(offset), bytes])
    .toString('base64')
    .replace(/=+$/, '');
  const isWhole = (offset + bytes.length) % 3 === 0;
  return encoded.slice(offset === 0 ? 0 : offset + 1, isWhole ? undefined : -1);
}
