import { ComputeFirewall } from '@cdktf/provider-google/lib/compute-firewall';
import { ComputeGlobalAddress } from '@cdktf/provider-google/lib/compute-global-address';
import { ComputeNetwork } from '@cdktf/provider-google/lib/compute-network';
import { ComputeRouter } from '@cdktf/provider-google/lib/compute-router';
import { ComputeRouterNat } from '@cdktf/provider-google/lib/compute-router-nat';
import { ServiceNetworkingConnection } from '@cdktf/provider-google/lib/service-networking-connection';
import { exportOutputs, type StackOutput } from '@mlterra/core';
import { Construct } from 'constructs';
import { networkRange, overlap, type AddressRange } from './cidr';
import { rangesOverlap } from './errors';
import type { GoogleProject } from './google-project';
import { resourceName } from './resource-name';

/** Below every rule of a person or of GKE, above the rules that Google implies and does not log. */
const LAST_PRIORITY = 65_534;

/** As small as Google takes it for managed databases. */
const PRIVATE_SERVICES_LONGEST_PREFIX = 24;

export interface VpcNetworkProps {
  readonly project: GoogleProject;
  /** Range for managed services such as Cloud SQL, at least a /24. @default "10.255.0.0/16" */
  readonly privateServicesCidr?: string;
}

/**
 * A network without subnetworks of its own: {@link Subnetwork} adds them, in any stack. Machines in it have no
 * public addresses; they reach the internet through NAT, and managed services through a private connection.
 */
export class VpcNetwork extends Construct {
  public readonly project: GoogleProject;
  /** `projects/<project>/global/networks/<name>` */
  public readonly networkId: StackOutput;
  /** The same, once managed services can be reached in it. */
  public readonly privateServicesNetworkId: StackOutput;
  /** The raw resource. */
  public readonly resource: ComputeNetwork;
  private readonly ranges: { readonly range: AddressRange; readonly what: string }[] = [];

  public constructor(scope: Construct, id: string, props: VpcNetworkProps) {
    super(scope, id);
    this.project = props.project;
    const { projectId: project, region } = this.project;
    this.project.configure(this);
    const name = resourceName(this, 54);
    const privateServicesCidr = props.privateServicesCidr ?? '10.255.0.0/16';
    this.claimRange(this, 'privateServicesCidr', privateServicesCidr, PRIVATE_SERVICES_LONGEST_PREFIX);

    this.resource = new ComputeNetwork(this, 'Resource', {
      name,
      project,
      autoCreateSubnetworks: false,
      routingMode: 'REGIONAL',
      description: 'Made by mlterra',
    });

    new ComputeFirewall(this, 'DenyIngress', {
      name: `${name}-deny`,
      project,
      network: this.resource.id,
      description: 'Nothing comes in unless another rule lets it',
      direction: 'INGRESS',
      priority: LAST_PRIORITY,
      sourceRanges: ['0.0.0.0/0'],
      deny: [{ protocol: 'all' }],
      logConfig: { metadata: 'INCLUDE_ALL_METADATA' },
    });

    const router = new ComputeRouter(this, 'Router', {
      name: `${name}-nat`,
      project,
      region,
      network: this.resource.id,
    });
    new ComputeRouterNat(this, 'Nat', {
      name: `${name}-nat`,
      project,
      region,
      router: router.name,
      natIpAllocateOption: 'AUTO_ONLY',
      sourceSubnetworkIpRangesToNat: 'ALL_SUBNETWORKS_ALL_IP_RANGES',
      enableDynamicPortAllocation: true,
      enableEndpointIndependentMapping: false,
      minPortsPerVm: 64,
      maxPortsPerVm: 4096,
      logConfig: { enable: true, filter: 'ERRORS_ONLY' },
    });

    const [address, prefixLength] = privateServicesCidr.split('/') as [string, string];
    const services = new ComputeGlobalAddress(this, 'PrivateServicesRange', {
      name: `${name}-services`,
      project,
      network: this.resource.id,
      purpose: 'VPC_PEERING',
      addressType: 'INTERNAL',
      address,
      prefixLength: Number(prefixLength),
    });
    const connection = new ServiceNetworkingConnection(this, 'PrivateServices', {
      network: this.resource.id,
      service: 'servicenetworking.googleapis.com',
      reservedPeeringRanges: [services.name],
    });

    const outputs = exportOutputs(this, {
      networkId: this.resource.id,
      privateServicesNetworkId: connection.network,
    });
    this.networkId = outputs.networkId;
    this.privateServicesNetworkId = outputs.privateServicesNetworkId;
  }

  /** Takes a range of the network for a construct; throws where it overlaps with one taken before. */
  public claimRange(owner: Construct, field: string, cidr: string, longestPrefix: number): void {
    const { path } = owner.node;
    const range = networkRange(path, field, cidr, longestPrefix);
    const other = this.ranges.find((taken) => overlap(taken.range, range));
    if (other) throw rangesOverlap(path, field, cidr, other.what);
    this.ranges.push({ range, what: `${field} "${cidr}" of ${path}` });
  }
}
