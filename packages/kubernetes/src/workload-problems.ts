import type { ClusterApi } from './cluster-api';
import { pods, workloads, type ClusterObject } from './cluster-objects';
import { WORKLOAD_LABEL } from './labels';
import type { ChartWorkload } from './release-record';

/** What is wrong with programs that should be there, a line each. */
export async function workloadProblems(
  api: Pick<ClusterApi, 'get'>,
  expected: readonly ChartWorkload[],
  name: (workload: ChartWorkload) => string,
): Promise<readonly string[]> {
  const problems: string[] = [];
  for (const workload of expected) {
    const { kind, namespace } = workload;
    const all = await workloads(api, kind, namespace);
    const found = all.find(({ metadata }) => metadata.name === workload.name);
    if (found === undefined) {
      problems.push(`${name(workload)} is missing`);
      continue;
    }
    const { wanted, available } = counts(found);
    if (available >= wanted) continue;
    const why = await reason(api, namespace, workload.name);
    problems.push(`${name(workload)} has ${available} of ${wanted} pods available${why}`);
  }
  return problems;
}

function counts({ spec, status = {} }: ClusterObject): {
  readonly wanted: number;
  readonly available: number;
} {
  return {
    wanted: status.desiredNumberScheduled ?? spec?.replicas ?? 1,
    available: status.numberAvailable ?? status.availableReplicas ?? 0,
  };
}

/** What a pod of a workload waits for, where Kubernetes says it. */
async function reason(api: Pick<ClusterApi, 'get'>, namespace: string, workload: string): Promise<string> {
  const waiting = (await pods(api, namespace))
    .filter(({ metadata }) => metadata.labels?.[WORKLOAD_LABEL] === workload)
    .flatMap(({ status }) => status?.containerStatuses ?? [])
    .map(({ state }) => state?.waiting?.reason)
    .find((found) => found !== undefined);
  return waiting === undefined ? '' : ` (${waiting})`;
}
