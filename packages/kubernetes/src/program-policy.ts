import type { Peer, Port } from '@mlterra/core';
import { k8s } from 'cdk8s-plus-33';
import { egressRules, nameServers } from './egress';
import { WORKLOAD_LABEL } from './labels';
import type { KubernetesObject } from './object';

export interface ProgramPolicyProps {
  /** Name of the workload or task. */
  readonly name: string;
  readonly namespace: string;
  /** Labels of the stack. */
  readonly labels: Readonly<Record<string, string>>;
  /** Whether pods reach only what is declared, and are reached from the same stage only. */
  readonly strict: boolean;
  /** Labels of the namespaces of the same stage. */
  readonly stageLabels: Readonly<Record<string, string>>;
  readonly ports: readonly Port[];
  /** Ports that the machine publishes; what comes by one comes from an address of a node. */
  readonly published: readonly Port[];
  readonly connectsTo: readonly Peer[];
}

/**
 * Lets clients reach the ports of a program, with `open` from the whole cluster, with `strict` from the same stage; and
 * with `strict`, where nothing gets out of a pod otherwise, lets it reach its peers. None where there is nothing to let.
 */
export function programPolicy(props: ProgramPolicyProps): readonly KubernetesObject[] {
  const { name, namespace, strict, ports } = props;
  if (ports.length === 0 && !strict) return [];
  const policy: unknown = k8s.KubeNetworkPolicy.manifest({
    metadata: { name, namespace, labels: { ...props.labels, [WORKLOAD_LABEL]: name } },
    spec: {
      podSelector: { matchLabels: { [WORKLOAD_LABEL]: name } },
      policyTypes: [...(ports.length > 0 ? ['Ingress'] : []), ...(strict ? ['Egress'] : [])],
      ...(ports.length > 0 ? { ingress: ingress(props) } : {}),
      ...(strict ? { egress: [nameServers(), ...egressRules(props.connectsTo)] } : {}),
    },
  });
  return [policy as KubernetesObject];
}

function ingress({
  strict,
  stageLabels,
  ports,
  published,
}: ProgramPolicyProps): k8s.NetworkPolicyIngressRule[] {
  const from = [{ namespaceSelector: strict ? { matchLabels: { ...stageLabels } } : {} }];
  return [
    { from, ports: policyPorts(ports) },
    ...(published.length > 0 ? [{ ports: policyPorts(published) }] : []),
  ];
}

function policyPorts(ports: readonly Port[]): k8s.NetworkPolicyPort[] {
  return ports.map(({ port }) => ({ port: k8s.IntOrString.fromNumber(port), protocol: 'TCP' }));
}
