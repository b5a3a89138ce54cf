import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sealingKey } from './certificate';
import { makeKeyPair, type KeyPair } from './testing/key-pair';

let folder: string;
let pair: KeyPair;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'mlterra-sealing-'));
  pair = makeKeyPair(folder);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a certificate', () => {
  it('that has ended is refused, with the day', () => {
    const later = new Date(Date.now() + 3 * 86_400_000);
    expect(() => sealingKey(pair.certificate, 'the controller', later)).toThrow(
      /The certificate of the controller has ended on \d{4}-\d\d-\d\d/,
    );
  });

  it('is good until the second of its end, and refused after it', () => {
    const end = new Date(new X509Certificate(pair.certificate).validTo);
    expect(sealingKey(pair.certificate, 'it', end).asymmetricKeyType).toBe('rsa');
    expect(() => sealingKey(pair.certificate, 'it', new Date(end.getTime() + 1))).toThrow(
      new RegExp(`The certificate of it has ended on ${end.toISOString().slice(0, 10)}\\.`),
    );
  });

  it('is the first of several', () => {
    const other = makeKeyPair(mkdtempSync(join(folder, 'other-'))).certificate;
    const modulus = (pem: string) => sealingKey(pem, 'it').export({ format: 'jwk' }).n;
    expect(modulus(`${other}${pair.certificate}`)).toBe(modulus(other));
    expect(modulus(`${pair.certificate}${other}`)).toBe(modulus(pair.certificate));
  });

  it('of another kind, or none, is refused', () => {
    expect(() => sealingKey(makeKeyPair(folder, 'ec').certificate, 'ec.crt')).toThrow(
      /ec\.crt is no certificate that can be sealed with: its key is of the kind ec/,
    );
    expect(() => sealingKey('nothing', 'it')).toThrow(/it is no certificate.*: it is not PEM/);
    expect(() => sealingKey(readFileSync(pair.privateKeyFile, 'utf8'), 'a.key')).toThrow(
      /a\.key is no certificate that can be sealed with: it is a private key\./,
    );
    expect(() => sealingKey(pair.certificate.replace(/\n.{20}/, '\n'), 'a.crt')).toThrow(/: it is damaged\./);
    const request = '-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----\n';
    expect(() => sealingKey(request, 'it')).toThrow(/: it begins with CERTIFICATE REQUEST\./);
    const key = '-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----\n';
    expect(() => sealingKey(key, 'it')).toThrow(/: it is a private key\./);
  });
});
