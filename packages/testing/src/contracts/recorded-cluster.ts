import type { ObjectManifest, Peer, PodPeer } from '@mlterra/core';
import type { ChartFacts, Egress, EgressFacts, ObjectFacts } from './facts';
import { textsIn } from './tool/value-path';

/** What recording clusters put into one resource, beside what all platforms do. */
export interface RecordedCluster {
  readonly chart?: {
    readonly namespace: string;
    readonly name: string;
    readonly repository: string;
    readonly version: string;
    readonly values: unknown;
    readonly podSecurity: (typeof POD_SECURITY)[number];
  };
  readonly objects?: readonly (Pick<ObjectManifest, 'apiVersion' | 'kind' | 'metadata'> &
    Readonly<Record<string, unknown>>)[];
  readonly secret?: {
    readonly namespace: string;
    readonly name: string;
    readonly type: string;
    readonly data: Readonly<Record<string, string>>;
  };
  /** Of a task. */
  readonly namespace?: string;
  /** @default - nothing holds the program back */
  readonly egress?: readonly Peer[];
}

interface RecordedResource {
  readonly stack: string;
  readonly address: string;
  readonly input: RecordedCluster;
}

const POD_SECURITY = ['restricted', 'baseline', 'privileged'] as const;

export function recordedCharts({
  stack,
  address,
  input: { chart, egress },
}: RecordedResource): readonly ChartFacts[] {
  if (chart === undefined) return [];
  const { namespace, name, repository, version, values } = chart;
  return [
    {
      address,
      stack,
      namespace,
      chart: name,
      repository,
      version,
      values,
      plainText: textsIn(values).map(({ text }) => text),
      atomic: true,
      egress: recordedEgress(egress),
    },
  ];
}

/** All objects of a stage, with the namespaces that every cluster makes for what is on it. */
export function recordedObjects(all: readonly RecordedResource[]): readonly ObjectFacts[] {
  return [
    ...namespaces(all),
    ...all.flatMap(({ stack, address, input: { objects = [], secret } }): readonly ObjectFacts[] => [
      ...objects.map((manifest) => ({
        address: `${address} ${manifest.kind} ${manifest.metadata.name}`,
        stack,
        apiVersion: manifest.apiVersion,
        kind: manifest.kind,
        name: manifest.metadata.name,
        namespace: manifest.metadata.namespace,
        manifest,
      })),
      ...(secret === undefined
        ? []
        : [
            {
              address: `${address} Secret ${secret.name}`,
              stack,
              apiVersion: 'v1',
              kind: 'Secret',
              name: secret.name,
              namespace: secret.namespace,
              manifest: {
                type: secret.type,
                data: Object.fromEntries(Object.keys(secret.data).map((key) => [key, ''])),
              },
            },
          ]),
    ]),
  ];
}

function namespaces(all: readonly RecordedResource[]): readonly ObjectFacts[] {
  const charts = all.filter(({ input }) => input.chart !== undefined);
  return [...new Set(charts.map(({ input }) => input.chart!.namespace))].map((name) => {
    const own = charts.filter(({ input }) => input.chart!.namespace === name);
    const enforced = POD_SECURITY.findLast((each) =>
      own.some(({ input }) => input.chart!.podSecurity === each),
    );
    return {
      address: `${own[0]!.address} Namespace ${name}`,
      stack: own[0]!.stack,
      apiVersion: 'v1',
      kind: 'Namespace',
      name,
      manifest: { metadata: { name, labels: { 'pod-security.kubernetes.io/enforce': enforced } } },
    };
  });
}

/** Peers as a cluster lets programs out to them. */
export function recordedEgress(peers: readonly Peer[] | undefined): Egress {
  return peers === undefined ? 'free' : peers.map(egressFacts);
}

function egressFacts(peer: Peer): EgressFacts {
  switch (peer.kind) {
    case 'pods':
      return { hosts: serviceNames(peer), ports: [peer.port] };
    case 'addresses':
      return { cidrs: peer.cidrs, ports: [peer.port] };
    case 'api-server':
      return { cidrs: ['0.0.0.0/0'], ports: [443] };
  }
}

/** Workloads find each other by the name of the Service, what an operator makes is found by the whole of it. */
function serviceNames({ service, namespace }: PodPeer): readonly string[] {
  return service === undefined ? [] : [service, `${service}.${namespace}.svc`];
}
