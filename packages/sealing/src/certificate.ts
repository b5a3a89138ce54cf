import { X509Certificate, type KeyObject } from 'node:crypto';
import { certificateExpired, certificateUnreadable } from './errors';

/**
 * The key that values are sealed with: that of the first certificate, which is the newest.
 * @param pem one or more certificates
 * @param source where they come from, for messages
 */
export function sealingKey(pem: string, source: string, now = new Date()): KeyObject {
  const certificate = parse(pem, source);
  const { publicKey, validTo } = certificate;
  const end = new Date(validTo);
  if (publicKey.asymmetricKeyType !== 'rsa') {
    throw certificateUnreadable(source, `its key is of the kind ${publicKey.asymmetricKeyType}`);
  }
  if (end < now) throw certificateExpired(source, end.toISOString().slice(0, 10));
  return publicKey;
}

function parse(pem: string, source: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch {
    throw certificateUnreadable(source, kindOf(pem));
  }
}

/** What is in a file that holds no certificate. */
function kindOf(pem: string): string {
  const kind = /-----BEGIN ([A-Z0-9 ]+)-----/.exec(pem)?.[1];
  if (kind === undefined) return 'it is not PEM';
  if (kind.endsWith('PRIVATE KEY')) return 'it is a private key';
  return kind === 'CERTIFICATE' ? 'it is damaged' : `it begins with ${kind}`;
}
