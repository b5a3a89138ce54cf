import type { ObjectManifest, ValueTree } from '@mlterra/core';
import { egressRules, nameServers } from '@mlterra/kubernetes';
import { k8s } from 'cdk8s-plus-33';
import type { NetworkRule, RulePort } from './network-policies';

export interface ClosedNamespaceProps {
  readonly name: string;
  readonly namespace: string;
  /** Whether its pods reach each other. */
  readonly openWithin: boolean;
}

/** Nothing gets into or out of the pods of a namespace, but questions to the name servers. */
export function closedNamespace({ name, namespace, openWithin }: ClosedNamespaceProps): ObjectManifest {
  const within = openWithin ? [{ podSelector: {} }] : [];
  return policy(name, namespace, {
    podSelector: {},
    policyTypes: ['Ingress', 'Egress'],
    ingress: within.map((peer) => ({ from: [peer] })),
    egress: [nameServers(), ...within.map((peer) => ({ to: [peer] }))],
  });
}

/** What a rule lets through, and nothing else: another policy says what is kept out. */
export function rulePolicy(name: string, rule: NetworkRule): ObjectManifest {
  const { namespace, labels, ports = [], connectsTo = [] } = rule;
  return policy(name, namespace, {
    podSelector: labels === undefined ? {} : { matchLabels: { ...labels } },
    policyTypes: [...(ports.length > 0 ? ['Ingress'] : []), ...(connectsTo.length > 0 ? ['Egress'] : [])],
    ...(ports.length > 0 ? { ingress: ports.map(ingressRule) } : {}),
    ...(connectsTo.length > 0 ? { egress: egressRules(connectsTo) } : {}),
  });
}

function ingressRule({ port, from }: RulePort): k8s.NetworkPolicyIngressRule {
  const peers =
    'cidrs' in from
      ? from.cidrs.map((cidr) => ({ ipBlock: { cidr } }))
      : [
          {
            namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': from.namespace } },
            podSelector: { matchLabels: { ...from.labels } },
          },
        ];
  return { from: peers, ports: [{ protocol: 'TCP', port: k8s.IntOrString.fromNumber(port) }] };
}

function policy(name: string, namespace: string, spec: k8s.NetworkPolicySpec): ObjectManifest {
  const {
    apiVersion,
    kind,
    spec: content,
  } = k8s.KubeNetworkPolicy.manifest({ spec }) as {
    readonly apiVersion: string;
    readonly kind: string;
    readonly spec: ValueTree;
  };
  return { apiVersion, kind, metadata: { name, namespace }, content: { spec: content } };
}
