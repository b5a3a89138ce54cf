import type { DnsZone, DnsZoneAccess, Identity } from '@mlterra/core';

/** A zone that no server has, for the solvers of cert-manager; who may change it is noted. */
export class RecordingDnsZone implements DnsZone {
  private readonly granted: Identity[] = [];

  public constructor(public readonly domain = 'example.org') {}

  /** Those that {@link grantChallenges} was called for, in order. */
  public get writers(): readonly Identity[] {
    return this.granted;
  }

  public grantChallenges(grantee: Identity): DnsZoneAccess {
    this.granted.push(grantee);
    return {
      dns01: { recording: { zone: this.domain } },
      peers: [{ kind: 'addresses', cidrs: ['192.0.2.0/24'], port: 443 }],
    };
  }
}
