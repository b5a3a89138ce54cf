import { constants, createDecipheriv, privateDecrypt } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sealingKey } from './certificate';
import { isSealedValue, sealValue, type SealedFor, type SealingScope } from './seal-value';
import { makeKeyPair, type KeyPair } from './testing/key-pair';

const LOGIN: SealedFor = { namespace: 'dev-tool', name: 'login' };

let folder: string;
let pair: KeyPair;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'mlterra-sealing-'));
  pair = makeKeyPair(folder);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const seal = (value: string | Buffer, recipient = LOGIN): string =>
  sealValue(sealingKey(pair.certificate, 'test'), recipient, Buffer.from(value));

describe('a sealed value', () => {
  /** Of what a sealed value begins with: the length of the key, in two bytes; then as many as are given. */
  const shaped = (keyLength: number, more: number): string =>
    Buffer.concat([Buffer.from([keyLength >> 8, keyLength & 0xff]), Buffer.alloc(more, 7)]).toString(
      'base64',
    );

  it.each<[string, string]>([
    ['of 2048 bits', shaped(256, 256 + 16)],
    ['of 16384 bits', shaped(2048, 2048 + 16)],
    ['with a value', shaped(512, 512 + 16 + 100)],
  ])('is one with a key %s', (_, text) => expect(isSealedValue(text)).toBe(true));

  it.each<[string, string]>([
    ['nothing', ''],
    ['one byte', 'AQ=='],
    ['two bytes', 'AQA='],
    ['a key that is too short', shaped(255, 300)],
    ['a key that is too long', shaped(2049, 3000)],
    ['a value that is cut off', shaped(256, 256 + 15)],
    ['a long text in base64', Buffer.alloc(100_000, 'a').toString('base64')],
    ['a line more', `${shaped(256, 300)}\n`],
    ['something before', `-${shaped(256, 300)}`],
    ['something behind', `${shaped(256, 300)}-`],
    ['base64 for addresses', shaped(256, 300).replace('B', '_')],
  ])('is not one: %s', (_, text) => expect(isSealedValue(text)).toBe(false));
});

/** What the controller does: kubeseal has its own test of it, where it is built. */
function openSealed(text: string, label: string): string {
  const bytes = Buffer.from(text, 'base64');
  const keyEnd = 2 + bytes.readUInt16BE();
  const sessionKey = privateDecrypt(
    {
      key: readFileSync(pair.privateKeyFile),
      padding: constants.RSA_PKCS1_OAEP_PADDING,
      oaepHash: 'sha256',
      oaepLabel: Buffer.from(label),
    },
    bytes.subarray(2, keyEnd),
  );
  const decipher = createDecipheriv('aes-256-gcm', sessionKey, Buffer.alloc(12));
  decipher.setAuthTag(bytes.subarray(-16));
  return Buffer.concat([decipher.update(bytes.subarray(keyEnd, -16)), decipher.final()]).toString();
}

describe('sealing', () => {
  it.each<[SealingScope | undefined, string]>([
    [undefined, 'dev-tool/login'],
    ['strict', 'dev-tool/login'],
    ['namespace-wide', 'dev-tool'],
    ['cluster-wide', ''],
  ])('in the scope %s opens for its name or namespace, or for all', (scope, label) => {
    const sealed = seal('secret', scope === undefined ? LOGIN : { ...LOGIN, scope });
    expect(isSealedValue(sealed)).toBe(true);
    expect(openSealed(sealed, label)).toBe('secret');
    for (const other of ['dev-tool/login', 'dev-tool', '', 'login', 'prod-tool/login']) {
      if (other !== label) expect(() => openSealed(sealed, other)).toThrow();
    }
  });
});
