import { Stack, type KubernetesCluster, type ObjectManifest } from '@mlterra/core';
import type { Construct } from 'constructs';

/** A program that does what Gateways say. */
export interface GatewayController {
  /** After whose stack those of its gateways come. @default - they come any time */
  readonly after?: Construct;
  /** Value of `spec.controllerName` of a GatewayClass. */
  readonly controllerName: string;
  /** Adds the pods that carry the requests of one gateway, or asks for them. */
  addDataPlane(gateway: Construct, props: DataPlaneProps): DataPlane;
}

export interface DataPlaneProps {
  readonly platform: KubernetesCluster;
  /** Name of the Gateway. */
  readonly name: string;
  /** Name of its GatewayClass, which no other Gateway has, and value of {@link CLASS_LABEL} on it. */
  readonly className: string;
  readonly replicas: number;
  /** Whether there are listeners for TLS. */
  readonly tls: boolean;
  readonly minTlsVersion: TlsVersion;
  /** @default - clients come from the cluster, or by published ports */
  readonly loadBalancer?: LoadBalancer;
}

export interface DataPlane {
  /** Labels of its pods. */
  readonly podLabels: Readonly<Record<string, string>>;
  /** Ports of listeners, in the Gateway. */
  readonly listenerPorts: SchemePorts;
  /** Ports of its pods. */
  readonly podPorts: SchemePorts;
  /** Ports of this machine that lead to it. */
  readonly publishedPorts: Partial<SchemePorts>;
  /** `spec.infrastructure.parametersRef` of the Gateway. @default - none */
  readonly parameters?: Readonly<Record<string, string>>;
  /** Objects that go with the Gateway. */
  readonly objects: readonly ObjectManifest[];
}

export type TlsVersion = '1.2' | '1.3';

export interface SchemePorts {
  readonly http: number;
  readonly https: number;
}

/** A load balancer of the cloud before a gateway. */
export interface LoadBalancer {
  /**
   * Annotations of its Service, by which clouds are told what it is, e.g. that it is an internal one; without any it is
   * open to the internet on most clouds.
   */
  readonly annotations: Readonly<Record<string, string>>;
  /** Ranges of addresses that may reach it. @default - all that find it */
  readonly sourceRanges?: readonly string[];
}

/** On a GatewayClass: its own name, by which a controller finds the one it is for. */
export const CLASS_LABEL = 'mlterra.dev/gateway-class';

/** Ports of the schemes, outside of the cluster. */
export const DEFAULT_PORTS: SchemePorts = { http: 80, https: 443 };

/** Puts the stack of a construct after that of another. */
export function comeAfter(scope: Construct, earlier: Construct | undefined): void {
  if (earlier === undefined) return;
  const [stack, before] = [Stack.ofConstruct(scope), Stack.ofConstruct(earlier)];
  if (stack !== before) stack.addDependency(before);
}

/** Service by which clients from outside of the cluster reach pods. */
export function publicService(
  name: string,
  selector: Readonly<Record<string, string>>,
  ports: readonly ServicePort[],
  loadBalancer?: LoadBalancer,
): ObjectManifest {
  const { annotations = {}, sourceRanges } = loadBalancer ?? {};
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, annotations },
    content: {
      spec: {
        ...(loadBalancer
          ? {
              type: 'LoadBalancer',
              externalTrafficPolicy: 'Local',
              ...(sourceRanges ? { loadBalancerSourceRanges: sourceRanges } : {}),
            }
          : { type: 'NodePort' }),
        selector,
        ports: ports.map((port) => ({ protocol: 'TCP', ...port })),
      },
    },
  };
}

export interface ServicePort {
  readonly name: string;
  readonly port: number;
  readonly targetPort: number;
  readonly nodePort?: number;
}
