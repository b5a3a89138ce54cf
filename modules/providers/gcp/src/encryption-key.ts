import { KmsCryptoKey } from '@cdktf/provider-google/lib/kms-crypto-key';
import { KmsCryptoKeyIamMember } from '@cdktf/provider-google/lib/kms-crypto-key-iam-member';
import { Construct } from 'constructs';
import type { KeyRing } from './key-ring';
import { NameSuffix } from './name-suffix';
import { resourceName } from './resource-name';

const DAY_SECONDS = 24 * 60 * 60;
const ROTATION_DAYS = 90;

/** How long a destroyed version of a key can be had back, and what it encrypts with it. Google's default. */
const RESTORABLE_DAYS = 30;

export interface EncryptionKeyProps {
  readonly keyRing: KeyRing;
  /** Members that may encrypt and decrypt, by a name for the grant. */
  readonly usedBy: Readonly<Record<string, string>>;
}

/**
 * A symmetric key that rotates every 90 days. It lives in the stack of what it encrypts: destroying that stack
 * schedules the key's versions for destruction, and they can be restored for 30 days.
 */
export class EncryptionKey extends Construct {
  /** `projects/…/cryptoKeys/<name>` */
  public readonly keyId: string;
  /** What must be there before the key can be used. */
  public readonly grants: readonly KmsCryptoKeyIamMember[];
  /** The raw resource. */
  public readonly resource: KmsCryptoKey;

  public constructor(scope: Construct, id: string, props: EncryptionKeyProps) {
    super(scope, id);
    const suffix = new NameSuffix(this, 'Suffix');
    this.resource = new KmsCryptoKey(this, 'Resource', {
      name: suffix.append(resourceName(this, 54)),
      keyRing: props.keyRing.keyRingId.at(this),
      purpose: 'ENCRYPT_DECRYPT',
      rotationPeriod: `${ROTATION_DAYS * DAY_SECONDS}s`,
      destroyScheduledDuration: `${RESTORABLE_DAYS * DAY_SECONDS}s`,
    });
    this.keyId = this.resource.id;
    this.grants = Object.entries(props.usedBy).map(
      ([name, member]) =>
        new KmsCryptoKeyIamMember(this, `Grant-${name}`, {
          cryptoKeyId: this.keyId,
          role: 'roles/cloudkms.cryptoKeyEncrypterDecrypter',
          member,
        }),
    );
  }
}
