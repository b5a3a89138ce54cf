import { constants, createCipheriv, publicEncrypt, randomBytes, type KeyObject } from 'node:crypto';

/** For whom a value is sealed: it opens under no other name, or no other namespace. */
export type SealingScope = 'strict' | 'namespace-wide' | 'cluster-wide';

export interface SealedFor {
  readonly namespace: string;
  readonly name: string;
  /** @default "strict" */
  readonly scope?: SealingScope;
}

const SESSION_KEY_BYTES = 32;
const LENGTH_BYTES = 2;
const TAG_BYTES = 16;

/** Of an RSA key of 2048 bits, which is the least, and of 16384 bits, beyond which OpenSSL makes none. */
const KEY_BYTES = { least: 256, most: 2048 };

/** Each session key is used once, so that the nonce need not differ. */
const NONCE = Buffer.alloc(12);

/**
 * Encrypts a value as the controller of Sealed Secrets opens it, in base64: the length of the RSA part in two bytes, a
 * session key (RSA-OAEP with SHA-256, labelled with whom it is for), the value (AES-256-GCM).
 */
export function sealValue(key: KeyObject, recipient: SealedFor, value: Buffer): string {
  const sessionKey = randomBytes(SESSION_KEY_BYTES);
  const encryptedKey = publicEncrypt(
    {
      key,
      padding: constants.RSA_PKCS1_OAEP_PADDING,
      oaepHash: 'sha256',
      oaepLabel: Buffer.from(labelOf(recipient)),
    },
    sessionKey,
  );
  const cipher = createCipheriv('aes-256-gcm', sessionKey, NONCE);
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt16BE(encryptedKey.length);
  return Buffer.concat([
    length,
    encryptedKey,
    cipher.update(value),
    cipher.final(),
    cipher.getAuthTag(),
  ]).toString('base64');
}

/** Whether a text has the shape of a sealed value. A text in base64, however long, has not: no text begins so. */
export function isSealedValue(text: string): boolean {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return false;
  const bytes = Buffer.from(text, 'base64');
  if (bytes.length < LENGTH_BYTES) return false;
  const keyLength = bytes.readUInt16BE();
  const isKey = keyLength >= KEY_BYTES.least && keyLength <= KEY_BYTES.most;
  return isKey && bytes.length >= LENGTH_BYTES + keyLength + TAG_BYTES;
}

function labelOf({ namespace, name, scope = 'strict' }: SealedFor): string {
  if (scope === 'cluster-wide') return '';
  return scope === 'namespace-wide' ? namespace : `${namespace}/${name}`;
}
