import {
  shortenName,
  Stack,
  text,
  workloadName,
  type CertificateIssuer,
  type Endpoint,
  type HttpGateway,
  type HttpRoute,
  type HttpRouteProps,
  type KubernetesCluster,
  type ObjectManifest,
  type PodPeer,
  type Text,
  type ValueTree,
} from '@mlterra/core';
import { Construct } from 'constructs';
import {
  CLASS_LABEL,
  DEFAULT_PORTS,
  comeAfter,
  type DataPlane,
  type GatewayController,
  type LoadBalancer,
  type TlsVersion,
} from './controller';
import {
  endpointElsewhere,
  hostnameInvalid,
  hostnameNotServed,
  hostnamesMissing,
  pathPrefixInvalid,
  routeTaken,
  tlsWithoutIssuer,
} from './errors';
import { coveringHostname, isHostname, listenerName } from './hostnames';

export interface GatewayProps {
  readonly platform: KubernetesCluster;
  /** The program that does the work: `new EnvoyGateway(…)`, or `new Traefik(…)`. */
  readonly controller: GatewayController;
  /** Host names that it serves; `*.example.org` stands for all names one level below. */
  readonly hostnames: readonly string[];
  /** Where its certificate comes from; with it, requests over plain HTTP are led to HTTPS. @default - plain HTTP only */
  readonly tls?: GatewayTls;
  /** Replicas of what carries requests. @default - the profile's */
  readonly replicas?: number;
  /** A load balancer before it. @default - none: it is reached on the cluster, and by ports that the platform publishes */
  readonly loadBalancer?: LoadBalancer;
}

export type GatewayTls = (IssuedCertificate | OwnCertificate) & {
  /** Oldest version of TLS that clients may speak. @default "1.2" */
  readonly minVersion?: TlsVersion;
};

export interface IssuedCertificate {
  readonly issuer: CertificateIssuer;
}

/** A certificate that is there already. */
export interface OwnCertificate {
  /** Name of a Secret of the type `kubernetes.io/tls` in the namespace of the gateway. */
  readonly secretName: string;
}

const GROUP = 'gateway.networking.k8s.io';
const API = `${GROUP}/v1`;

/** Names of classes are labels too. */
const MAX_LENGTH = 63;

type Scheme = 'http' | 'https';

/**
 * The door of a stage, by the Gateway API: listeners for host names, from which routes lead to tools. Only namespaces of the stage
 * can add routes. Its ports can be published as `<name>.http` and `<name>.https`.
 */
export class Gateway extends Construct implements HttpGateway {
  /** Name of the Gateway. */
  public readonly gatewayName: string;
  public readonly namespace: string;
  private readonly platform: KubernetesCluster;
  private readonly hostnames: readonly string[];
  private readonly dataPlane: DataPlane;
  private readonly scheme: Scheme;
  private readonly routes = new Map<string, string>();

  public constructor(scope: Construct, id: string, props: GatewayProps) {
    super(scope, id);
    const { path } = this.node;
    const { platform, controller, hostnames, tls } = props;
    const stack = Stack.ofConstruct(this);
    if (hostnames.length === 0) throw hostnamesMissing(path);
    for (const hostname of hostnames) if (!isHostname(hostname)) throw hostnameInvalid(path, hostname);
    this.platform = platform;
    this.hostnames = [...new Set(hostnames)];
    this.gatewayName = workloadName(this);
    this.namespace = platform.namespaceOf(this);
    this.scheme = tls ? 'https' : 'http';
    comeAfter(this, controller.after);

    const className = shortenName(`${this.namespace}-${this.gatewayName}`, MAX_LENGTH);
    this.dataPlane = controller.addDataPlane(this, {
      platform,
      name: this.gatewayName,
      className,
      replicas: props.replicas ?? stack.profile.replicas,
      tls: tls !== undefined,
      minTlsVersion: tls?.minVersion ?? '1.2',
      loadBalancer: props.loadBalancer,
    });
    const { parameters, objects } = this.dataPlane;
    platform.addObjects(this, 'Gateway', [
      {
        apiVersion: API,
        kind: 'GatewayClass',
        metadata: { name: className, labels: { [CLASS_LABEL]: className } },
        clusterScoped: true,
        content: { spec: { controllerName: controller.controllerName } },
      },
      {
        apiVersion: API,
        kind: 'Gateway',
        metadata: { name: this.gatewayName },
        content: {
          spec: {
            gatewayClassName: className,
            listeners: this.listeners(tls),
            ...(parameters ? { infrastructure: { parametersRef: parameters } } : {}),
          },
        },
      },
      ...(tls ? [this.redirect()] : []),
      ...objects,
    ]);
    this.addPolicy(props.loadBalancer !== undefined);
  }

  /** Leads requests for a host name to an endpoint of the same stack. */
  public addRoute(scope: Construct, id: string, props: HttpRouteProps): HttpRoute {
    const route = new Construct(scope, id);
    const { path } = route.node;
    const { hostname, endpoint, pathPrefix = '/' } = props;
    const covering = this.covering(path, hostname);
    if (!/^\/(?:[^\s?#*]*[^\s?#*/])?$/.test(pathPrefix)) throw pathPrefixInvalid(path, pathPrefix);
    const taken = this.routes.get(`${hostname}${pathPrefix}`);
    if (taken !== undefined) throw routeTaken(path, hostname, pathPrefix, taken);
    this.routes.set(`${hostname}${pathPrefix}`, path);
    const pods = this.backend(route, endpoint);
    comeAfter(route, this);
    this.platform.addObjects(route, 'Resource', [
      {
        apiVersion: API,
        kind: 'HTTPRoute',
        metadata: { name: workloadName(route) },
        content: {
          spec: {
            parentRefs: [this.parent(listenerName(this.scheme, covering))],
            hostnames: [hostname],
            rules: [
              {
                matches: [{ path: { type: 'PathPrefix', value: pathPrefix } }],
                backendRefs: [{ group: '', kind: 'Service', name: pods.service, port: pods.port }],
                // No end: uploads and downloads of models are long.
                timeouts: { request: '0s' },
              },
            ],
          },
        },
      },
    ]);
    this.platform.addPodPolicy(route, 'Policy', {
      labels: pods.labels,
      ports: [{ port: pods.port, from: { namespace: this.namespace, labels: this.dataPlane.podLabels } }],
    });
    return { url: this.urlOf(hostname) };
  }

  public hostHeaders(hostname: string): readonly string[] {
    this.covering(this.node.path, hostname);
    return [`${hostname}${this.portSuffix}`];
  }

  public urlOf(hostname: string): Text {
    this.covering(this.node.path, hostname);
    return text`${this.scheme}://${hostname}${this.portSuffix}`;
  }

  /** `:<port>`, unless it is the scheme's own. */
  private get portSuffix(): string {
    const published = this.dataPlane.publishedPorts[this.scheme];
    return published === undefined || published === DEFAULT_PORTS[this.scheme] ? '' : `:${published}`;
  }

  private covering(path: string, hostname: string): string {
    if (!isHostname(hostname) || hostname.startsWith('*')) throw hostnameInvalid(path, hostname);
    const covering = coveringHostname(this.hostnames, hostname);
    if (covering === undefined) throw hostnameNotServed(path, hostname, this.hostnames);
    return covering;
  }

  private backend(route: Construct, { peers }: Endpoint): PodPeer & { readonly service: string } {
    const namespace = this.platform.namespaceOf(route);
    for (const peer of peers) {
      if (peer.kind === 'pods' && peer.namespace === namespace && peer.service !== undefined) {
        return { ...peer, service: peer.service };
      }
    }
    throw endpointElsewhere(route.node.path, namespace);
  }

  private parent(sectionName: string): Record<string, string> {
    return { group: GROUP, kind: 'Gateway', name: this.gatewayName, namespace: this.namespace, sectionName };
  }

  private listeners(tls: GatewayTls | undefined): ValueTree[] {
    const { listenerPorts } = this.dataPlane;
    const allowedRoutes = {
      namespaces: { from: 'Selector', selector: { matchLabels: this.platform.stageLabels(this) } },
    };
    const common = (scheme: Scheme, hostname: string) => ({
      name: listenerName(scheme, hostname),
      hostname,
      port: listenerPorts[scheme],
      protocol: scheme.toUpperCase(),
      allowedRoutes,
    });
    const plain = this.hostnames.map((hostname) => common('http', hostname));
    if (tls === undefined) return plain;
    const certificateRefs = [{ group: '', kind: 'Secret', name: this.certificate(tls) }];
    return [
      ...plain,
      ...this.hostnames.map((hostname) => ({
        ...common('https', hostname),
        tls: { mode: 'Terminate', certificateRefs },
      })),
    ];
  }

  private certificate(tls: GatewayTls): string {
    if ('secretName' in tls && tls.secretName) return tls.secretName;
    if (!('issuer' in tls) || !tls.issuer) throw tlsWithoutIssuer(this.node.path);
    const { secretName } = tls.issuer.addCertificate(this, 'Certificate', {
      dnsNames: this.hostnames,
      challengeRoute: {
        gateway: this.gatewayName,
        sections: this.hostnames.map((hostname) => listenerName('http', hostname)),
        podLabels: this.dataPlane.podLabels,
      },
    });
    return secretName;
  }

  /** Leads all requests over plain HTTP to HTTPS; routes with longer paths, as of challenges, come before it. */
  private redirect(): ObjectManifest {
    const port = this.dataPlane.publishedPorts.https;
    return {
      apiVersion: API,
      kind: 'HTTPRoute',
      metadata: { name: `${this.gatewayName}-redirect` },
      content: {
        spec: {
          parentRefs: this.hostnames.map((hostname) => this.parent(listenerName('http', hostname))),
          rules: [
            {
              matches: [{ path: { type: 'PathPrefix', value: '/' } }],
              filters: [
                {
                  type: 'RequestRedirect',
                  requestRedirect: {
                    scheme: 'https',
                    statusCode: 301,
                    ...(port === undefined ? {} : { port }),
                  },
                },
              ],
            },
          ],
        },
      },
    };
  }

  /** Clients come from the stage, or from outside, where there is a way in; requests go to all tools of the stage. */
  private addPolicy(balanced: boolean): void {
    const { podLabels, podPorts, publishedPorts } = this.dataPlane;
    const schemes: readonly Scheme[] = this.scheme === 'https' ? ['http', 'https'] : ['http'];
    this.platform.addPodPolicy(this, 'Policy', {
      labels: podLabels,
      ports: schemes.map((scheme) => ({
        port: podPorts[scheme],
        from: balanced || publishedPorts[scheme] !== undefined ? 'anyone' : 'stage',
      })),
      connectsToStage: true,
    });
  }
}
