import { catalogue } from '@mlterra/catalogue';
import { mergeValues, shortenName, Stack, type KubernetesCluster, type ValueTree } from '@mlterra/core';
import { Construct } from 'constructs';
import {
  DEFAULT_PORTS,
  publicService,
  comeAfter,
  type DataPlane,
  type DataPlaneProps,
  type GatewayController,
} from './controller';
import { crdsIncomplete } from './errors';
import type { GatewayCrds } from './gateway-crds';

export interface EnvoyGatewayProps {
  readonly platform: KubernetesCluster;
  /** The kinds that it reads, its own among them. @default - the cluster has them */
  readonly crds?: GatewayCrds;
  /** Replicas of the controller; those of the proxies are said by their gateway. @default - the profile's, at most 2 */
  readonly replicas?: number;
  /** Values of the chart, laid over those that the other properties make. @default - none */
  readonly values?: ValueTree;
}

const POLICIES = 'gateway.envoyproxy.io/v1alpha1';

/** Ports on which proxies ask the controller what to do. */
const CONTROL_PORTS = [18_000, 18_002];

/** Proxies are not root: they listen this far above a port below 1024. */
const SHIFT = 10_000;

/** Helm allows 53; the chart adds to it. */
const MAX_RELEASE_LENGTH = 32;

const POD_PORTS = { http: DEFAULT_PORTS.http + SHIFT, https: DEFAULT_PORTS.https + SHIFT };

/**
 * Envoy Gateway, by its own chart: a controller that makes a fleet of Envoy proxies for each gateway, in the namespace of the gateway. It looks
 * at the namespaces of its stage only.
 */
export class EnvoyGateway extends Construct implements GatewayController {
  public readonly after = this;
  public readonly controllerName: string;
  private readonly namespace: string;

  public constructor(scope: Construct, id: string, props: EnvoyGatewayProps) {
    super(scope, id);
    const { platform, crds } = props;
    const stack = Stack.ofConstruct(this);
    if (crds?.envoyGateway === false) throw crdsIncomplete(this.node.path);
    comeAfter(this, crds);
    this.namespace = platform.namespaceOf(this);
    this.controllerName = `gateway.envoyproxy.io/${this.namespace}`;
    platform.addChart(this, 'Resource', {
      chart: catalogue.envoyGateway.chart,
      // Roles of the whole cluster are named after it.
      releaseName: shortenName(this.namespace, MAX_RELEASE_LENGTH),
      values: mergeValues(
        this.values(platform, props.replicas ?? Math.min(stack.profile.replicas, 2)),
        props.values,
      ),
      ports: CONTROL_PORTS.map((port) => ({ port, labels: CONTROLLER, from: 'stage' })),
    });
  }

  public addDataPlane(gateway: Construct, props: DataPlaneProps): DataPlane {
    const { platform, name, tls, loadBalancer, replicas } = props;
    const namespace = platform.namespaceOf(gateway);
    const podLabels = {
      'gateway.envoyproxy.io/owning-gateway-name': name,
      'gateway.envoyproxy.io/owning-gateway-namespace': namespace,
    };
    platform.addPodPolicy(gateway, 'Control', {
      labels: podLabels,
      connectsTo: CONTROL_PORTS.map((port) => ({
        kind: 'pods',
        namespace: this.namespace,
        labels: CONTROLLER,
        port,
      })),
    });
    const schemes = tls ? (['http', 'https'] as const) : (['http'] as const);
    const published = schemes.flatMap((scheme) => {
      const nodePort = platform.publishedPort(name, scheme);
      if (nodePort === undefined) return [];
      return [{ name: scheme, port: DEFAULT_PORTS[scheme], targetPort: POD_PORTS[scheme], nodePort }];
    });
    return {
      podLabels,
      listenerPorts: DEFAULT_PORTS,
      podPorts: POD_PORTS,
      publishedPorts: Object.fromEntries(published.map(({ name: scheme, nodePort }) => [scheme, nodePort])),
      parameters: { group: 'gateway.envoyproxy.io', kind: 'EnvoyProxy', name },
      objects: [
        {
          apiVersion: POLICIES,
          kind: 'EnvoyProxy',
          metadata: { name },
          content: {
            spec: {
              provider: {
                type: 'Kubernetes',
                kubernetes: {
                  envoyDeployment: { replicas },
                  ...(replicas > 1 ? { envoyPDB: { maxUnavailable: 1 } } : {}),
                  envoyService: loadBalancer
                    ? {
                        type: 'LoadBalancer',
                        annotations: loadBalancer.annotations,
                        ...(loadBalancer.sourceRanges
                          ? { loadBalancerSourceRanges: loadBalancer.sourceRanges }
                          : {}),
                      }
                    : { type: 'ClusterIP' },
                },
              },
            },
          },
        },
        ...(tls ? [tlsPolicy(name, props.minTlsVersion)] : []),
        ...(published.length > 0 ? [publicService(`${name}-published`, podLabels, published)] : []),
      ],
    };
  }

  private values(platform: KubernetesCluster, replicas: number): ValueTree {
    return {
      crds: { enabled: false },
      topologyInjector: { enabled: false },
      deployment: { replicas },
      ...(replicas > 1 ? { podDisruptionBudget: { minAvailable: 1 } } : {}),
      config: {
        envoyGateway: {
          gateway: { controllerName: this.controllerName },
          provider: {
            type: 'Kubernetes',
            kubernetes: {
              deploy: { type: 'GatewayNamespace' },
              watch: {
                type: 'NamespaceSelector',
                namespaceSelector: { matchLabels: platform.stageLabels(this) },
              },
            },
          },
        },
      },
    };
  }
}

const CONTROLLER = { 'control-plane': 'envoy-gateway' };

function tlsPolicy(name: string, minVersion: DataPlaneProps['minTlsVersion']) {
  return {
    apiVersion: POLICIES,
    kind: 'ClientTrafficPolicy',
    metadata: { name },
    content: {
      spec: {
        targetRefs: [{ group: 'gateway.networking.k8s.io', kind: 'Gateway', name }],
        tls: { minVersion },
      },
    },
  };
}
