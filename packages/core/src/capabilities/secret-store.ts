import type { ValueTree } from '../value-tree';
import type { Identity } from './identity';
import type { Peer } from './peer';

/** Where secrets are kept outside of a cluster, e.g. the secret manager of a cloud. */
export interface SecretStore {
  /** Lets an identity read the secrets, and says how the External Secrets Operator reaches them as that identity. */
  grantRead(grantee: Identity): SecretStoreAccess;
}

export interface SecretStoreAccess {
  /** Field `spec.provider` of a SecretStore of `external-secrets.io/v1`. */
  readonly provider: ValueTree;
  readonly peers: readonly Peer[];
}
