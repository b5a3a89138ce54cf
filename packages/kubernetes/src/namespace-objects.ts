import type { ChartProps, Stack } from '@mlterra/core';
import { k8s } from 'cdk8s-plus-33';
import { stackLabels } from './labels';
import type { KubernetesObject } from './object';

/** Helm leaves an object with this annotation alone when the release goes. */
export const KEEP = { 'helm.sh/resource-policy': 'keep' } as const;

export interface NamespaceObjectsProps {
  readonly stack: Stack;
  readonly namespace: string;
  /** Whether Helm leaves the namespace when the release goes. */
  readonly keep: boolean;
  /** Pod Security Standard that it admits. */
  readonly podSecurity: NonNullable<ChartProps['podSecurity']>;
  /** Whether pods reach nothing either, unless a policy says so. */
  readonly strict: boolean;
}

/**
 * The namespace of a stack, which admits only pods of one Pod Security Standard, and a policy by which
 * nothing reaches them, nor where policies are strict gets out of them, unless another policy says so. With volumes in it, it is kept when the stack is destroyed.
 */
export function namespaceObjects({
  stack,
  namespace,
  keep,
  podSecurity,
  strict,
}: NamespaceObjectsProps): readonly KubernetesObject[] {
  const labels = stackLabels(stack);
  return [
    k8s.KubeNamespace.manifest({
      metadata: {
        name: namespace,
        labels: {
          ...labels,
          'pod-security.kubernetes.io/enforce': podSecurity,
          'pod-security.kubernetes.io/audit': podSecurity,
          'pod-security.kubernetes.io/warn': podSecurity,
        },
        ...(keep ? { annotations: KEEP } : {}),
      },
    }) as KubernetesObject,
    k8s.KubeNetworkPolicy.manifest({
      metadata: { name: 'default-deny', namespace, labels },
      spec: { podSelector: {}, policyTypes: ['Ingress', ...(strict ? ['Egress'] : [])] },
    }) as KubernetesObject,
  ];
}
