import type { Scaling } from '@mlterra/core';
import { k8s } from 'cdk8s-plus-33';

/** Load has to stay low for that long before replicas go, and then they go one by one. */
const CALM_SECONDS = 300;
const STEP_SECONDS = 60;

/** Lets a Deployment grow and shrink. It comes quickly, as Kubernetes does by itself, and goes slowly. */
export function autoscaler(metadata: k8s.ObjectMeta, deployment: string, scaling: Scaling): unknown {
  const { minReplicas, maxReplicas, cpuPercent, memoryPercent } = scaling;
  return k8s.KubeHorizontalPodAutoscalerV2.manifest({
    metadata,
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: deployment },
      minReplicas,
      maxReplicas,
      metrics: [
        utilization('cpu', cpuPercent),
        ...(memoryPercent === undefined ? [] : [utilization('memory', memoryPercent)]),
      ],
      behavior: {
        scaleDown: {
          stabilizationWindowSeconds: CALM_SECONDS,
          policies: [{ type: 'Pods', value: 1, periodSeconds: STEP_SECONDS }],
        },
      },
    },
  });
}

function utilization(name: string, averageUtilization: number): k8s.MetricSpecV2 {
  return { type: 'Resource', resource: { name, target: { type: 'Utilization', averageUtilization } } };
}
