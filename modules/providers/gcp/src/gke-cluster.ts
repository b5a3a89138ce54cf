import { ContainerCluster } from '@cdktf/provider-google/lib/container-cluster';
import {
  exportOutputs,
  Stack,
  type ExecCredentialCommand,
  type ExecAccess,
  type Principal,
  type StackOutput,
} from '@mlterra/core';
import { KubernetesRenderer, RenderedCluster } from '@mlterra/kubernetes';
import type { Construct } from 'constructs';
import { clientRange, isPrivate } from './cidr';
import { EncryptionKey } from './encryption-key';
import { nodeCountInvalid, regionsDiffer } from './errors';
import {
  GkeNodePool,
  hardenedNodeConfig,
  type GkeNodePoolProps,
  type NodePoolContext,
} from './gke-node-pool';
import type { GoogleProject } from './google-project';
import type { KeyRing } from './key-ring';
import { MachineAccount } from './machine-account';
import { resourceName } from './resource-name';
import { serviceAgents } from './service-agents';
import type { Subnetwork } from './subnetwork';

export interface GkeClusterProps {
  /** Where nodes, pods and services have their addresses. */
  readonly subnetwork: Subnetwork;
  /** Where the keys for secrets and disks are made. */
  readonly keyRing: KeyRing;
  /**
   * Address ranges from which the API server can be reached, beside the subnetwork itself. A range that is not
   * private gives the API server a public address, open to these ranges only. The internet is refused.
   * @default - the subnetwork only, e.g. a runner or a bastion in it, or a VPN that ends in the network
   */
  readonly authorizedNetworks?: readonly string[];
  /** @default "e2-standard-4" */
  readonly machineType?: string;
  /** Nodes that always run, over all zones. @default - the profile's replicas: 1 in development, 3 in production */
  readonly minNodes?: number;
  /** Nodes at most, over all zones; the profile's spot share of them are spot nodes. @default 3 * minNodes */
  readonly maxNodes?: number;
  /** Boot disk of each node. @default 100 */
  readonly diskSizeGiB?: number;
  /** How soon Google upgrades the cluster. @default "REGULAR" */
  readonly releaseChannel?: 'RAPID' | 'REGULAR' | 'STABLE' | 'EXTENDED';
  /** Prints the credentials for the API server. @default - `mlterra kube-token gcp` */
  readonly credentialCommand?: ExecCredentialCommand;
}

/** What nodes write logs and metrics with, and no more. */
const NODE_ROLES = ['roles/container.defaultNodeServiceAccount'];

/** Weekends, 54 hours in any 32 days; Google wants 48. */
const MAINTENANCE_WINDOW = {
  startTime: '2026-01-03T00:00:00Z',
  endTime: '2026-01-03T06:00:00Z',
  recurrence: 'FREQ=WEEKLY;BYDAY=SA,SU',
};

/**
 * A regional Kubernetes cluster with private nodes. Pods are enforced apart by Dataplane V2, and get identities
 * of Google Cloud without keys; secrets and disks are encrypted with keys of the owner.
 */
export class GkeCluster extends RenderedCluster {
  public readonly access: ExecAccess;
  /** Name in Google Cloud. */
  public readonly clusterName: StackOutput;
  /** `projects/…/cryptoKeys/<name>` of the key for disks. */
  public readonly disksKeyId: StackOutput;
  /** The pools of nodes that it was made with. */
  public readonly nodePools: readonly GkeNodePool[];
  /** The raw resource. */
  public readonly resource: ContainerCluster;
  private readonly project: GoogleProject;
  private readonly poolContext: NodePoolContext;
  protected readonly renderer: KubernetesRenderer;

  public constructor(scope: Construct, id: string, props: GkeClusterProps) {
    super(scope, id);
    const { path } = this.node;
    const { subnetwork, keyRing } = props;
    const { profile } = Stack.ofConstruct(this);
    this.project = subnetwork.network.project;
    const { projectId, region } = this.project;
    if (!keyRing.project.equals(this.project)) {
      throw regionsDiffer(path, 'key ring', keyRing.project.toString(), this.project.toString());
    }
    this.project.configure(this);
    const ranges = (props.authorizedNetworks ?? []).map((cidr) => ({
      cidr,
      range: clientRange(path, 'authorizedNetworks', cidr),
    }));
    const isPublic = ranges.some(({ range }) => !isPrivate(range));

    const secretsKey = new EncryptionKey(this, 'SecretsKey', {
      keyRing,
      usedBy: { gke: serviceAgents.gke(this.project) },
    });
    const disksKey = new EncryptionKey(this, 'DisksKey', {
      keyRing,
      usedBy: { compute: serviceAgents.compute(this.project) },
    });
    const nodes = new MachineAccount(this, 'Nodes', {
      project: this.project,
      displayName: `Nodes of ${resourceName(this, 40)}`,
      roles: NODE_ROLES,
    });
    const hardened = { serviceAccountEmail: nodes.email, diskKeyId: disksKey.keyId };

    this.resource = new ContainerCluster(this, 'Resource', {
      name: resourceName(this, 40),
      project: projectId,
      location: region,
      nodeLocations: this.project.zones && [...this.project.zones],
      deletionProtection: profile.deletionProtection,
      network: subnetwork.network.networkId.at(this),
      subnetwork: subnetwork.subnetworkId.at(this),
      networkingMode: 'VPC_NATIVE',
      ipAllocationPolicy: {
        clusterSecondaryRangeName: subnetwork.podsRangeName,
        servicesSecondaryRangeName: subnetwork.servicesRangeName,
        stackType: 'IPV4',
      },
      datapathProvider: 'ADVANCED_DATAPATH',
      enableIntranodeVisibility: true,
      privateClusterConfig: { enablePrivateNodes: true, enablePrivateEndpoint: !isPublic },
      masterAuthorizedNetworksConfig: {
        gcpPublicCidrsAccessEnabled: false,
        privateEndpointEnforcementEnabled: true,
        cidrBlocks: ranges.map(({ cidr }) => ({ cidrBlock: cidr })),
      },
      controlPlaneEndpointsConfig: {
        dnsEndpointConfig: { allowExternalTraffic: false },
        ipEndpointsConfig: { enabled: true },
      },
      masterAuth: { clientCertificateConfig: { issueClientCertificate: false } },
      enableLegacyAbac: false,
      anonymousAuthenticationConfig: { mode: 'LIMITED' },
      rbacBindingConfig: {
        enableInsecureBindingSystemAuthenticated: false,
        enableInsecureBindingSystemUnauthenticated: false,
      },
      databaseEncryption: { state: 'ENCRYPTED', keyName: secretsKey.keyId },
      workloadIdentityConfig: { workloadPool: this.workloadPool },
      enableShieldedNodes: true,
      // What may run is said by the project's policy, which lets every image run until someone narrows it.
      binaryAuthorization: { evaluationMode: 'PROJECT_SINGLETON_POLICY_ENFORCE' },
      // A cluster cannot be made without a pool: this one goes as soon as it is there, and is as hard as the others.
      removeDefaultNodePool: true,
      initialNodeCount: 1,
      nodeConfig: hardenedNodeConfig(hardened),
      nodePoolDefaults: { nodeConfigDefaults: { insecureKubeletReadonlyPortEnabled: 'FALSE' } },
      releaseChannel: { channel: props.releaseChannel ?? 'REGULAR' },
      maintenancePolicy: { recurringWindow: MAINTENANCE_WINDOW },
      securityPostureConfig: { mode: 'BASIC', vulnerabilityMode: 'VULNERABILITY_DISABLED' },
      costManagementConfig: { enabled: true },
      addonsConfig: {
        gcePersistentDiskCsiDriverConfig: { enabled: true },
        dnsCacheConfig: { enabled: true },
      },
      loggingConfig: {
        enableComponents: ['SYSTEM_COMPONENTS', 'WORKLOADS', 'APISERVER', 'CONTROLLER_MANAGER', 'SCHEDULER'],
      },
      monitoringConfig: {
        enableComponents: ['SYSTEM_COMPONENTS', 'APISERVER', 'CONTROLLER_MANAGER', 'SCHEDULER'],
        managedPrometheus: { enabled: true },
      },
      dependsOn: [...secretsKey.grants, ...disksKey.grants, ...nodes.grants],
      // Google reports the pool that was removed as gone, which would read as a new cluster.
      lifecycle: { ignoreChanges: ['node_config', 'initial_node_count'] },
    });
    this.poolContext = {
      ...hardened,
      project: this.project,
      clusterName: this.resource.name,
      dependsOn: [...disksKey.grants, ...nodes.grants],
    };
    this.nodePools = this.addDefaultPools(props, profile.replicas, profile.spotShare);

    const address = isPublic ? this.resource.endpoint : this.resource.privateClusterConfig.privateEndpoint;
    const outputs = exportOutputs(this, {
      clusterName: this.resource.name,
      endpoint: `https://${address}`,
      caCertificate: this.resource.masterAuth.clusterCaCertificate,
      disksKeyId: disksKey.keyId,
    });
    this.clusterName = outputs.clusterName;
    this.disksKeyId = outputs.disksKeyId;
    this.access = {
      endpoint: outputs.endpoint,
      caCertificate: outputs.caCertificate,
      exec: props.credentialCommand ?? { command: 'mlterra', args: ['kube-token', 'gcp'] },
    };
    this.renderer = new KubernetesRenderer({
      access: this.access,
      memberOf: (namespace, serviceAccount) => this.memberOf(namespace, serviceAccount),
      dependsOn: this.nodePools.map((pool) => pool.resource),
    });
  }

  /** Adds nodes of another kind, in the stack of the cluster. */
  public addNodePool(id: string, props: GkeNodePoolProps): GkeNodePool {
    return new GkeNodePool(this, id, props, this.poolContext);
  }

  /** Who the pods of a Kubernetes service account are to Google Cloud. */
  public memberOf(namespace: string, serviceAccount: string): Principal {
    const { projectNumber } = this.project;
    return {
      cloud: 'gcp',
      member:
        `principal://iam.googleapis.com/projects/${projectNumber}/locations/global/workloadIdentityPools/` +
        `${this.workloadPool}/subject/ns/${namespace}/sa/${serviceAccount}`,
    };
  }

  private get workloadPool(): string {
    return `${this.project.projectId}.svc.id.goog`;
  }

  private addDefaultPools(props: GkeClusterProps, replicas: number, spotShare: number): GkeNodePool[] {
    const { path } = this.node;
    const minNodes = props.minNodes ?? replicas;
    if (!Number.isInteger(minNodes) || minNodes < 1) {
      throw nodeCountInvalid(path, 'minNodes', minNodes, 'a whole number, at least 1');
    }
    const maxNodes = props.maxNodes ?? 3 * minNodes;
    if (!Number.isInteger(maxNodes) || maxNodes < minNodes) {
      throw nodeCountInvalid(path, 'maxNodes', maxNodes, `a whole number, at least minNodes (${minNodes})`);
    }
    // Nodes that always run are never spot nodes: Google may take all of those away at once.
    const spotNodes = Math.min(Math.round(maxNodes * spotShare), maxNodes - minNodes);
    const common = { machineType: props.machineType, diskSizeGiB: props.diskSizeGiB };
    return [
      this.addNodePool('on-demand', { ...common, minNodes, maxNodes: maxNodes - spotNodes }),
      ...(spotNodes > 0 ? [this.addNodePool('spot', { ...common, maxNodes: spotNodes, spot: true })] : []),
    ];
  }
}
