import { DnsManagedZone } from '@cdktf/provider-google/lib/dns-managed-zone';
import { DnsManagedZoneIamMember } from '@cdktf/provider-google/lib/dns-managed-zone-iam-member';
import { ProjectIamCustomRole } from '@cdktf/provider-google/lib/project-iam-custom-role';
import {
  exportOutputs,
  type DnsZone,
  type DnsZoneAccess,
  type Identity,
  type StackOutput,
} from '@mlterra/core';
import { Fn } from 'cdktf';
import { Construct } from 'constructs';
import { domainInvalid } from './errors';
import { GOOGLE_APIS } from './google-apis';
import type { GoogleProject } from './google-project';
import { granteeMember } from './grantee-member';
import { resourceName } from './resource-name';

export interface CloudDnsZoneProps {
  readonly project: GoogleProject;
  /** Domain that the zone is about, e.g. `ml.example.org`. */
  readonly domain: string;
}

const DOMAIN = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]$/;

/** What answering a challenge takes; none of it changes the zone itself, or who may do what with it. */
const PERMISSIONS = [
  'dns.changes.create',
  'dns.changes.get',
  'dns.resourceRecordSets.create',
  'dns.resourceRecordSets.delete',
  'dns.resourceRecordSets.list',
  'dns.resourceRecordSets.update',
];

/** A role has as many characters as that, and no hyphens. */
const MAX_ROLE_LENGTH = 64;

/**
 * A public zone of Cloud DNS, signed. The domain above it has to name its servers, {@link nameServers}, before anybody finds it. A
 * destroy fails while there are records of people in it.
 */
export class CloudDnsZone extends Construct implements DnsZone {
  public readonly domain: string;
  /** Name in Google Cloud. */
  public readonly zoneName: StackOutput;
  /** Servers that the domain above has to name, with commas between them. */
  public readonly nameServers: StackOutput;
  /** The raw resource. */
  public readonly resource: DnsManagedZone;
  private readonly role: StackOutput;
  private readonly project: GoogleProject;

  public constructor(scope: Construct, id: string, { project, domain }: CloudDnsZoneProps) {
    super(scope, id);
    if (!DOMAIN.test(domain)) throw domainInvalid(this.node.path, domain);
    this.domain = domain;
    this.project = project;
    project.configure(this);
    this.resource = new DnsManagedZone(this, 'Resource', {
      name: resourceName(this, 63),
      project: project.projectId,
      dnsName: `${domain}.`,
      visibility: 'public',
      forceDestroy: false,
      dnssecConfig: { state: 'on', nonExistence: 'nsec3' },
      cloudLoggingConfig: { enableLogging: true },
    });
    const role = new ProjectIamCustomRole(this, 'Challenges', {
      project: project.projectId,
      roleId: resourceName(this, MAX_ROLE_LENGTH).replaceAll('-', '_'),
      title: `Challenges in ${domain}`,
      permissions: PERMISSIONS,
    });
    const outputs = exportOutputs(this, {
      zoneName: this.resource.name,
      nameServers: Fn.join(',', this.resource.nameServers),
      challengeRole: role.name,
    });
    this.zoneName = outputs.zoneName;
    this.nameServers = outputs.nameServers;
    this.role = outputs.challengeRole;
  }

  /** Lets the grantee change records of this zone alone, as itself: there is no key. */
  public grantChallenges(grantee: Identity): DnsZoneAccess {
    const { path } = this.node;
    const { scope } = grantee;
    const id = `Challenges-${path.replace(/\//g, '-')}`;
    if (scope.node.tryFindChild(id) === undefined) {
      const member = granteeMember(path, grantee);
      this.project.configure(scope);
      new DnsManagedZoneIamMember(scope, id, {
        project: this.project.projectId,
        managedZone: this.zoneName.at(scope),
        role: this.role.at(scope),
        member,
      });
    }
    return {
      dns01: { cloudDNS: { project: this.project.projectId, hostedZoneName: this.zoneName } },
      peers: GOOGLE_APIS,
    };
  }
}
