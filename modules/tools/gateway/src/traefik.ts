import { catalogue, imageName } from '@mlterra/catalogue';
import { workloadName, type ApiRule } from '@mlterra/core';
import type { Construct } from 'constructs';
import {
  CLASS_LABEL,
  DEFAULT_PORTS,
  publicService,
  type DataPlane,
  type DataPlaneProps,
  type GatewayController,
} from './controller';
import type { GatewayCrds } from './gateway-crds';

export interface TraefikProps {
  /** The kinds that it reads. @default - the cluster has them */
  readonly crds?: GatewayCrds;
}

/** Ports of its pods, and of listeners, which it tells apart by port. */
const PORTS = { http: 8000, https: 8443 };
const PING_PORT = 8080;

const OPTIONS_PATH = '/etc/traefik/options.yaml';

/** How long a request may take to arrive: uploads of models are long. */
const READ_SECONDS = 6 * 60 * 60;

const GATEWAY_API = 'gateway.networking.k8s.io';
const WATCHED = ['gatewayclasses', 'gateways', 'httproutes', 'grpcroutes', 'referencegrants'];

/** What it wants of the API. It reads Secrets everywhere: those with certificates can be in any namespace of a Gateway. */
const RULES: readonly ApiRule[] = [
  { apiGroups: [''], resources: ['namespaces'], verbs: ['list', 'watch'] },
  { apiGroups: [''], resources: ['services', 'secrets'], verbs: ['get', 'list', 'watch'] },
  { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: ['list', 'watch'] },
  { apiGroups: [GATEWAY_API], resources: WATCHED, verbs: ['get', 'list', 'watch'] },
  {
    apiGroups: [GATEWAY_API],
    resources: WATCHED.filter((kind) => kind !== 'referencegrants').map((kind) => `${kind}/status`),
    verbs: ['update'],
  },
];

/**
 * Traefik, the light one: one program for both tasks, no operator. Each gateway has its own, which looks at no other. No dashboard, no
 * telemetry, no look for new versions.
 */
export class Traefik implements GatewayController {
  public readonly after?: Construct;
  public readonly controllerName = 'traefik.io/gateway-controller';

  public constructor({ crds }: TraefikProps = {}) {
    this.after = crds;
  }

  public addDataPlane(gateway: Construct, props: DataPlaneProps): DataPlane {
    const { platform, name, className, tls, minTlsVersion, loadBalancer } = props;
    const identity = platform.addIdentity(gateway, 'Identity');
    const peers = platform.grantApi(identity, RULES);
    const schemes = tls ? (['http', 'https'] as const) : (['http'] as const);
    platform.run(gateway, 'Resource', {
      identity,
      replicas: props.replicas,
      connectsTo: peers,
      containers: {
        traefik: {
          image: imageName(catalogue.traefik.images.proxy),
          command: [
            'traefik',
            '--global.checknewversion=false',
            '--global.sendanonymoususage=false',
            '--log.level=INFO',
            '--log.nocolor=true',
            ...schemes.flatMap((scheme) => [
              `--entrypoints.${scheme}.address=:${PORTS[scheme]}`,
              `--entrypoints.${scheme}.transport.respondingtimeouts.readtimeout=${READ_SECONDS}s`,
            ]),
            `--entrypoints.ping.address=:${PING_PORT}`,
            '--ping=true',
            '--ping.entrypoint=ping',
            '--providers.kubernetesgateway=true',
            `--providers.kubernetesgateway.labelselector=${CLASS_LABEL}=${className}`,
            ...(tls ? [`--providers.file.filename=${OPTIONS_PATH}`, '--providers.file.watch=false'] : []),
          ],
          ...(tls ? { files: { [OPTIONS_PATH]: tlsOptions(minTlsVersion) } } : {}),
          ports: {
            ...Object.fromEntries(
              schemes.map((scheme) => [scheme, { port: PORTS[scheme], protocol: 'http' as const }]),
            ),
            ping: { port: PING_PORT, protocol: 'http' },
          },
          probe: { port: 'ping', httpPath: '/ping', startSeconds: 60 },
          resources: { cpuMillis: 100, memoryMiB: 256 },
          stopGraceSeconds: 30,
        },
      },
    });
    const podLabels = { 'app.kubernetes.io/name': workloadName(gateway) };
    const publishedPorts = Object.fromEntries(
      schemes.flatMap((scheme) => {
        const port = platform.publishedPort(name, scheme);
        return port === undefined ? [] : [[scheme, port]];
      }),
    );
    const balanced = schemes.map((scheme) => ({
      name: scheme,
      port: DEFAULT_PORTS[scheme],
      targetPort: PORTS[scheme],
    }));
    return {
      podLabels,
      listenerPorts: PORTS,
      podPorts: PORTS,
      publishedPorts,
      objects: loadBalancer ? [publicService(`${name}-public`, podLabels, balanced, loadBalancer)] : [],
    };
  }
}

function tlsOptions(version: DataPlaneProps['minTlsVersion']): string {
  return `tls:\n  options:\n    default:\n      minVersion: VersionTLS${version.replace('.', '')}\n      sniStrict: true\n`;
}
