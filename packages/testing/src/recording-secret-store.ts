import type { Identity, SecretStore, SecretStoreAccess } from '@mlterra/core';

/** A store of secrets that is nowhere, for the External Secrets Operator; who may read it is noted. */
export class RecordingSecretStore implements SecretStore {
  private readonly granted: Identity[] = [];

  /** Those that {@link grantRead} was called for, in order. */
  public get readers(): readonly Identity[] {
    return this.granted;
  }

  public grantRead(grantee: Identity): SecretStoreAccess {
    this.granted.push(grantee);
    const { serviceAccount: name } = grantee;
    return {
      provider: {
        recording: {
          server: 'https://secrets.example.org',
          ...(name === undefined ? {} : { serviceAccountRef: { name } }),
        },
      },
      peers: [{ kind: 'addresses', cidrs: ['192.0.2.0/24'], port: 443 }],
    };
  }
}
