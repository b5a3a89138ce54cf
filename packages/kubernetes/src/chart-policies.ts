import type { ChartPort, ChartProps, Peer } from '@mlterra/core';
import { k8s } from 'cdk8s-plus-33';
import { egressRules, nameServers } from './egress';
import type { KubernetesStack } from './kubernetes-stack';
import type { KubernetesObject } from './object';

const API_SERVER: readonly Peer[] = [{ kind: 'api-server' }];

/** What gets into and out of the pods of a chart; nothing else gets in, as the namespace says. */
export function chartPolicies(
  name: string,
  stack: KubernetesStack,
  { ports = [], connectsTo = API_SERVER }: ChartProps,
): readonly KubernetesObject[] {
  const metadata = (suffix: string): k8s.ObjectMeta => ({
    name: `${name}-${suffix}`,
    namespace: stack.namespace,
    labels: stack.labels,
  });
  const ingress = ports.map((port, index) =>
    k8s.KubeNetworkPolicy.manifest({
      metadata: metadata(`in-${port.port}${index === 0 ? '' : `-${index}`}`),
      spec: {
        podSelector: port.labels === undefined ? {} : { matchLabels: port.labels },
        policyTypes: ['Ingress'],
        ingress: [
          {
            ...clients(stack, port),
            ports: [{ port: k8s.IntOrString.fromNumber(port.port), protocol: 'TCP' }],
          },
        ],
      },
    }),
  );
  const egress: unknown[] = stack.isStrict
    ? [
        k8s.KubeNetworkPolicy.manifest({
          metadata: metadata('out'),
          spec: {
            podSelector: {},
            policyTypes: ['Egress'],
            egress: [nameServers(), ...egressRules(connectsTo)],
          },
        }),
      ]
    : [];
  return [...(ingress as unknown[]), ...egress] as KubernetesObject[];
}

/** Addresses of API servers, and of clients outside of the cluster, are not known: a rule without `from` names all. */
function clients(stack: KubernetesStack, { from }: ChartPort): Pick<k8s.NetworkPolicyIngressRule, 'from'> {
  if (from === 'stage') return { from: [{ namespaceSelector: { matchLabels: stack.stageLabels } }] };
  if (from === 'cluster') return { from: [{ namespaceSelector: {} }] };
  return {};
}
