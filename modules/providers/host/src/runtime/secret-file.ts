import { randomBytes, randomInt } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { secretMissing } from '../errors';
import type { DesiredSecret } from '../spec';
import type { DataFolder } from './data-folder';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** Makes a secret, unless it is there: once made it never changes. */
export function ensureSecret(data: DataFolder, secret: DesiredSecret): void {
  const path = data.absolute(secret.reference);
  if (existsSync(path)) return;
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  const file = openSync(draft, 'wx', 0o600);
  try {
    writeSync(
      file,
      Array.from({ length: secret.length }, () => ALPHABET[randomInt(ALPHABET.length)]).join(''),
    );
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  try {
    // Unlike a rename, a link never replaces a secret that another run has made in the meantime.
    linkSync(draft, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    unlinkSync(draft);
  }
}

export function readSecret(data: DataFolder, reference: string): string {
  const path = data.absolute(reference);
  if (!existsSync(path)) throw secretMissing(reference);
  return readFileSync(path, 'utf8');
}
