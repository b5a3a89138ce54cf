import type { PodPolicyProps, PodPort } from '@mlterra/core';
import { k8s } from 'cdk8s-plus-33';
import { clients } from './chart-policies';
import { egressRules, nameServers } from './egress';
import type { KubernetesStack } from './kubernetes-stack';
import type { KubernetesObject } from './object';

/** What gets into and out of pods that are not those of a workload or a chart. */
export function podPolicy(
  name: string,
  stack: KubernetesStack,
  { labels, ports = [], connectsTo = [], connectsToStage = false }: PodPolicyProps,
): KubernetesObject {
  const toStage = { to: [{ namespaceSelector: { matchLabels: stack.stageLabels } }] };
  const egress = [nameServers(), ...egressRules(connectsTo), ...(connectsToStage ? [toStage] : [])];
  return k8s.KubeNetworkPolicy.manifest({
    metadata: { name, namespace: stack.namespace, labels: stack.labels },
    spec: {
      podSelector: { matchLabels: { ...labels } },
      policyTypes: ['Ingress', ...(stack.isStrict ? ['Egress'] : [])],
      ingress: ports.map((port) => ({
        ...from(stack, port),
        ports: [{ port: k8s.IntOrString.fromNumber(port.port), protocol: 'TCP' }],
      })),
      ...(stack.isStrict ? { egress } : {}),
    },
  }) as KubernetesObject;
}

function from(stack: KubernetesStack, { from: source }: PodPort): Pick<k8s.NetworkPolicyIngressRule, 'from'> {
  if (typeof source === 'string') return clients(stack, source);
  return {
    from: [
      {
        namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': source.namespace } },
        podSelector: { matchLabels: { ...source.labels } },
      },
    ],
  };
}
