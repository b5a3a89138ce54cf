import { stackLabels } from '@mlterra/core';
import { ContainerNodePool } from '@cdktf/provider-google/lib/container-node-pool';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { diskSizeInvalid, nodeCountInvalid } from './errors';
import type { GoogleProject } from './google-project';

export interface GkeNodePoolProps {
  /** @default "e2-standard-4" */
  readonly machineType?: string;
  /** Nodes that always run, over all zones. @default 0 */
  readonly minNodes?: number;
  /** Nodes at most, over all zones. */
  readonly maxNodes: number;
  /** Cheap nodes that Google may take away at any time. @default false */
  readonly spot?: boolean;
  /** Boot disk of each node. @default 100 */
  readonly diskSizeGiB?: number;
}

/** What a pool needs of its cluster. */
export interface NodePoolContext {
  readonly project: GoogleProject;
  readonly clusterName: string;
  readonly serviceAccountEmail: string;
  readonly diskKeyId: string;
  readonly dependsOn: readonly ITerraformDependable[];
}

/** What nodes of any pool have in common. */
export function hardenedNodeConfig(context: Pick<NodePoolContext, 'serviceAccountEmail' | 'diskKeyId'>) {
  return {
    serviceAccount: context.serviceAccountEmail,
    // What the account may do is said by its roles; scopes are the older way and would cut them down.
    oauthScopes: ['https://www.googleapis.com/auth/cloud-platform'],
    imageType: 'COS_CONTAINERD',
    diskType: 'pd-balanced',
    bootDiskKmsKey: context.diskKeyId,
    metadata: { 'disable-legacy-endpoints': 'true' },
    shieldedInstanceConfig: { enableSecureBoot: true, enableIntegrityMonitoring: true },
    workloadMetadataConfig: { mode: 'GKE_METADATA' },
    kubeletConfig: { insecureKubeletReadonlyPortEnabled: 'FALSE' },
  };
}

/** Nodes made alike. Google repairs and upgrades them, one more at a time. */
export class GkeNodePool extends Construct {
  public readonly minNodes: number;
  public readonly maxNodes: number;
  /** The raw resource. */
  public readonly resource: ContainerNodePool;

  public constructor(scope: Construct, id: string, props: GkeNodePoolProps, context: NodePoolContext) {
    super(scope, id);
    const { path } = this.node;
    this.minNodes = props.minNodes ?? 0;
    this.maxNodes = props.maxNodes;
    if (!Number.isInteger(this.minNodes) || this.minNodes < 0) {
      throw nodeCountInvalid(path, 'minNodes', this.minNodes, 'a whole number, at least 0');
    }
    if (!Number.isInteger(this.maxNodes) || this.maxNodes < Math.max(1, this.minNodes)) {
      throw nodeCountInvalid(
        path,
        'maxNodes',
        this.maxNodes,
        'a whole number, at least 1 and at least minNodes',
      );
    }
    const diskSizeGb = props.diskSizeGiB ?? 100;
    if (!Number.isInteger(diskSizeGb) || diskSizeGb < 20) throw diskSizeInvalid(path, diskSizeGb, 20);
    this.resource = new ContainerNodePool(this, 'Resource', {
      name: id.toLowerCase(),
      project: context.project.projectId,
      location: context.project.region,
      cluster: context.clusterName,
      initialNodeCount: this.minNodes === 0 ? 0 : 1,
      autoscaling: {
        totalMinNodeCount: this.minNodes,
        totalMaxNodeCount: this.maxNodes,
        locationPolicy: props.spot === true ? 'ANY' : 'BALANCED',
      },
      management: { autoRepair: true, autoUpgrade: true },
      upgradeSettings: { strategy: 'SURGE', maxSurge: 1, maxUnavailable: 0 },
      networkConfig: { enablePrivateNodes: true },
      nodeConfig: {
        ...hardenedNodeConfig(context),
        machineType: props.machineType ?? 'e2-standard-4',
        diskSizeGb,
        spot: props.spot ?? false,
        resourceLabels: stackLabels(this),
      },
      dependsOn: [...context.dependsOn],
      // Another first size would replace the pool; the autoscaler has the say after the first minute.
      lifecycle: { ignoreChanges: ['initial_node_count'] },
    });
  }
}
