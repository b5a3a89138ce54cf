import { catalogue } from '@mlterra/catalogue';
import {
  mergeValues,
  Stack,
  type DnsZone,
  type Identity,
  type KubernetesCluster,
  type Peer,
  type ValueTree,
} from '@mlterra/core';
import { Construct } from 'constructs';

export interface CertManagerProps {
  readonly platform: KubernetesCluster;
  /** Zones whose names it proves to be yours by records in them. @default - none */
  readonly zones?: readonly DnsZone[];
  /**
   * What brings the CRDs of the Gateway API, or true where the cluster has them: with them it answers challenges over HTTP
   * through a gateway. @default false
   */
  readonly gatewayApi?: Construct | boolean;
  /** Replicas of the webhook; of the others there are two at most, of which one works. @default - the profile's */
  readonly replicas?: number;
  /**
   * Whether its kinds stay when it goes: with a kind go all objects of it, in every namespace of the cluster.
   * @default - where the profile protects from deletion
   */
  readonly keepDefinitions?: boolean;
  /** Values of the chart, laid over those that the other properties make. @default - none */
  readonly values?: ValueTree;
}

const INTERNET = '0.0.0.0/0';

/** Servers of ACME, and the APIs of clouds whose zones it changes. */
const AUTHORITIES: Peer = { kind: 'addresses', cidrs: [INTERNET], port: 443 };

/** Where it looks whether a challenge is answered before it says that it is. */
const SELF_CHECK: Peer = { kind: 'addresses', cidrs: [INTERNET], port: 80 };

const WEBHOOK_PORT = 10_250;

/**
 * cert-manager, by its own chart, with its CRDs; a cluster has it once. Issuers and certificates belong into stacks that come
 * later: issuers of this package see to that.
 */
export class CertManager extends Construct {
  public readonly platform: KubernetesCluster;
  /** Who it is when it changes zones. */
  public readonly identity: Identity;
  /** Namespace in which it looks for the Secrets of issuers of the whole cluster. */
  public readonly namespace: string;
  /** Whether it answers challenges over HTTP. */
  public readonly usesGatewayApi: boolean;
  /** Zones that it may change, with how it does it: the field `dns01` of a solver. */
  public readonly solvers: readonly { readonly zone: DnsZone; readonly dns01: ValueTree }[];

  public constructor(scope: Construct, id: string, props: CertManagerProps) {
    super(scope, id);
    const { platform, zones = [], gatewayApi = false } = props;
    const stack = Stack.ofConstruct(this);
    const { profile } = stack;
    this.platform = platform;
    this.identity = platform.addIdentity(this, 'Identity');
    this.namespace = platform.namespaceOf(this);
    this.usesGatewayApi = gatewayApi !== false;
    // It looks for the kinds of the Gateway API once, when it starts.
    if (typeof gatewayApi === 'object') stack.addDependency(Stack.ofConstruct(gatewayApi));
    const granted = zones.map((zone) => ({ zone, ...zone.grantChallenges(this.identity) }));
    this.solvers = granted.map(({ zone, dns01 }) => ({ zone, dns01 }));
    platform.addChart(this, 'Resource', {
      chart: catalogue.certManager.chart,
      values: mergeValues(
        this.values(props.replicas ?? profile.replicas, props.keepDefinitions ?? profile.deletionProtection),
        props.values,
      ),
      ports: [
        {
          port: WEBHOOK_PORT,
          labels: { 'app.kubernetes.io/name': 'webhook', 'app.kubernetes.io/component': 'webhook' },
          from: 'api-server',
        },
      ],
      connectsTo: [
        { kind: 'api-server' },
        AUTHORITIES,
        ...(this.usesGatewayApi ? [SELF_CHECK] : []),
        ...granted.flatMap(({ peers }) => peers),
      ],
    });
  }

  private values(replicas: number, keep: boolean): ValueTree {
    const workers = Math.min(replicas, 2);
    return {
      crds: { enabled: true, keep },
      // Not in kube-system, which some clouds keep for themselves.
      global: { leaderElection: { namespace: this.namespace } },
      ...availability(workers),
      ...resources(10, 512),
      automountServiceAccountToken: true,
      serviceAccount: { create: false, name: this.identity.serviceAccount },
      // The name servers of the cluster: those of a zone cannot be told from the rest of the internet by a policy.
      ...(this.solvers.length > 0 ? { dns01RecursiveNameserversOnly: true } : {}),
      ...(this.usesGatewayApi ? { config: GATEWAY_API } : {}),
      prometheus: { enabled: false },
      webhook: { ...availability(replicas), ...resources(10, 128) },
      cainjector: { ...availability(workers), ...resources(10, 512) },
      startupapicheck: resources(10, 64),
    };
  }
}

const GATEWAY_API: ValueTree = {
  apiVersion: 'controller.config.cert-manager.io/v1alpha1',
  kind: 'ControllerConfiguration',
  enableGatewayAPI: true,
};

function availability(replicas: number): Record<string, ValueTree> {
  return {
    replicaCount: replicas,
    ...(replicas > 1 ? { podDisruptionBudget: { enabled: true, maxUnavailable: 1 } } : {}),
  };
}

function resources(cpuMillis: number, memoryMiB: number): Record<string, ValueTree> {
  return {
    resources: {
      requests: { cpu: `${cpuMillis}m`, memory: `${Math.min(memoryMiB, 64)}Mi` },
      limits: { memory: `${memoryMiB}Mi` },
    },
  };
}
