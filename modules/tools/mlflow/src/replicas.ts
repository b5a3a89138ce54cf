import type { Profile, Scaling, Workload } from '@mlterra/core';
import { invalidReplicas, replicasAndScaling } from './errors';
import type { MlflowProps } from './mlflow-props';

const MAX_REPLICAS = 50;
const CPU_PERCENT = 70;
const MEMORY_PERCENT = 80;

/** How many servers run where there can be several. */
export function replicasOf(
  path: string,
  { replicas, scaling }: Pick<MlflowProps, 'replicas' | 'scaling'>,
  profile: Profile,
): Pick<Workload, 'replicas' | 'scaling'> {
  if (replicas !== undefined && scaling) throw replicasAndScaling(path, replicas);
  const fixed = replicas ?? profile.replicas;
  if (!Number.isInteger(fixed) || fixed < 1) throw invalidReplicas(path, fixed);
  const scales = replicas === undefined && scaling !== false ? (scaling ?? defaultScaling(fixed)) : undefined;
  return scales === undefined ? { replicas: fixed } : { replicas: scales.minReplicas, scaling: scales };
}

function defaultScaling(minReplicas: number): Scaling | undefined {
  if (minReplicas === 1) return undefined;
  return {
    minReplicas,
    maxReplicas: Math.max(minReplicas, MAX_REPLICAS),
    cpuPercent: CPU_PERCENT,
    memoryPercent: MEMORY_PERCENT,
  };
}
