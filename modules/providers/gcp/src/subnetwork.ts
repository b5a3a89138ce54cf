import { ComputeSubnetwork } from '@cdktf/provider-google/lib/compute-subnetwork';
import { exportOutputs, type StackOutput } from '@mlterra/core';
import { Construct } from 'constructs';
import { resourceName } from './resource-name';
import type { VpcNetwork } from './vpc-network';

const LONGEST_PREFIX = { machinesCidr: 28, podsCidr: 21, servicesCidr: 27 } as const;

export interface SubnetworkProps {
  readonly network: VpcNetwork;
  /** Addresses of machines, at least a /28; every node of a cluster is one. */
  readonly machinesCidr: string;
  /** Addresses of pods, at least a /21. A node takes a /24 of it, so a /16 is enough for 256 nodes. */
  readonly podsCidr: string;
  /** Addresses of services in a cluster, at least a /27; a /20 is enough for 4096 services. */
  readonly servicesCidr: string;
}

/**
 * Room for one cluster in the region of the network. Google's APIs are reached without leaving Google, and
 * connections are logged, half of them.
 */
export class Subnetwork extends Construct {
  public readonly network: VpcNetwork;
  /** `projects/<project>/regions/<region>/subnetworks/<name>` */
  public readonly subnetworkId: StackOutput;
  /** Name of the secondary range of pods. */
  public readonly podsRangeName = 'pods';
  /** Name of the secondary range of services. */
  public readonly servicesRangeName = 'services';
  /** The raw resource. */
  public readonly resource: ComputeSubnetwork;

  public constructor(scope: Construct, id: string, props: SubnetworkProps) {
    super(scope, id);
    this.network = props.network;
    const { project } = this.network;
    project.configure(this);
    for (const field of ['machinesCidr', 'podsCidr', 'servicesCidr'] as const) {
      this.network.claimRange(this, field, props[field], LONGEST_PREFIX[field]);
    }
    this.resource = new ComputeSubnetwork(this, 'Resource', {
      name: resourceName(this, 63),
      project: project.projectId,
      region: project.region,
      network: this.network.networkId.at(this),
      ipCidrRange: props.machinesCidr,
      secondaryIpRange: [
        { rangeName: this.podsRangeName, ipCidrRange: props.podsCidr },
        { rangeName: this.servicesRangeName, ipCidrRange: props.servicesCidr },
      ],
      privateIpGoogleAccess: true,
      logConfig: {
        aggregationInterval: 'INTERVAL_10_MIN',
        flowSampling: 0.5,
        metadata: 'INCLUDE_ALL_METADATA',
      },
    });
    this.subnetworkId = exportOutputs(this, { subnetworkId: this.resource.id }).subnetworkId;
  }
}
