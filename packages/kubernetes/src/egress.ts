import type { Peer } from '@mlterra/core';
import { k8s } from 'cdk8s-plus-33';

const ANYWHERE = '0.0.0.0/0';

/** The metadata servers of clouds: who reaches one can become the machine. */
const METADATA = '169.254.169.254/32';

/** Ports of API servers: that of the Service, and those of the server itself, which some networks see. */
const API_SERVER_PORTS = [443, 6443, 8443];

/** Lets pods ask the name servers of the cluster. */
export function nameServers(): k8s.NetworkPolicyEgressRule {
  return {
    to: [
      {
        namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } },
        podSelector: {
          matchExpressions: [
            { key: 'k8s-app', operator: 'In', values: ['kube-dns', 'coredns', 'node-local-dns'] },
          ],
        },
      },
      // The cache of names on each node, and the name server of a cloud, where there is one.
      { ipBlock: { cidr: '169.254.20.10/32' } },
      { ipBlock: { cidr: METADATA } },
    ],
    ports: ['UDP', 'TCP'].map((protocol) => ({ protocol, port: k8s.IntOrString.fromNumber(53) })),
  };
}

/** Lets pods reach their peers, one rule for each; the same peer twice is one. */
export function egressRules(peers: readonly Peer[]): k8s.NetworkPolicyEgressRule[] {
  const unique = new Map(peers.map((peer) => [JSON.stringify(peer), peer]));
  return [...unique.keys()].sort().map((key) => rule(unique.get(key)!));
}

function rule(peer: Peer): k8s.NetworkPolicyEgressRule {
  switch (peer.kind) {
    case 'pods':
      return {
        to: [
          {
            namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': peer.namespace } },
            podSelector: { matchLabels: { ...peer.labels } },
          },
        ],
        ports: [tcp(peer.port)],
      };
    case 'addresses':
      return { to: peer.cidrs.map(block), ports: [tcp(peer.port)] };
    case 'api-server':
      return { to: [block(ANYWHERE)], ports: API_SERVER_PORTS.map(tcp) };
  }
}

function block(cidr: string): k8s.NetworkPolicyPeer {
  return { ipBlock: { cidr, ...(cidr === ANYWHERE ? { except: [METADATA] } : {}) } };
}

function tcp(port: number): k8s.NetworkPolicyPort {
  return { protocol: 'TCP', port: k8s.IntOrString.fromNumber(port) };
}
