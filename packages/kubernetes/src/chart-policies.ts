import type { ChartPort, ChartProps, Peer } from '@mlterra/core';
import { k8s } from 'cdk8s-plus-33';
import { egressRules, nameServers } from './egress';
import type { KubernetesStack } from './kubernetes-stack';
import { shortHash } from './names';
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
  const unique = new Map(ports.map((port) => [policySuffix(port), port]));
  const ingress = [...unique].map(([suffix, port]): unknown =>
    k8s.KubeNetworkPolicy.manifest({
      metadata: metadata(suffix),
      spec: {
        podSelector: port.labels === undefined ? {} : { matchLabels: port.labels },
        policyTypes: ['Ingress'],
        ingress: [
          {
            ...clients(stack, port.from),
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
  return [...ingress, ...egress] as KubernetesObject[];
}

/** Apart from those of the other ports by all that the policy says. */
function policySuffix({ port, from, labels }: ChartPort): string {
  const which = labels === undefined ? '' : `-${shortHash(JSON.stringify(Object.entries(labels).sort()))}`;
  return `in-${port}-${from}${which}`;
}

/** Addresses of API servers, and of clients outside of the cluster, are not known: a rule without `from` names all. */
export function clients(
  stack: KubernetesStack,
  from: ChartPort['from'],
): Pick<k8s.NetworkPolicyIngressRule, 'from'> {
  if (from === 'stage') return { from: [{ namespaceSelector: { matchLabels: stack.stageLabels } }] };
  if (from === 'cluster') return { from: [{ namespaceSelector: {} }] };
  return {};
}
