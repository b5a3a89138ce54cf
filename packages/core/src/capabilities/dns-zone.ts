import type { ValueTree } from '../value-tree';
import type { Identity } from './identity';
import type { Peer } from './peer';

/** A zone of the domain name system, whoever serves it. */
export interface DnsZone {
  /** Domain, e.g. `example.org`. */
  readonly domain: string;
  /** Lets an identity change TXT records, and says how cert-manager does it as that identity. */
  grantChallenges(grantee: Identity): DnsZoneAccess;
}

export interface DnsZoneAccess {
  /** Field `dns01` of a solver of cert-manager, `acme.cert-manager.io/v1`. */
  readonly dns01: ValueTree;
  readonly peers: readonly Peer[];
}
