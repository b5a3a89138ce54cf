import { setTimeout as sleep } from 'node:timers/promises';
import type { PlatformHooks, ProbeFinding } from '@mlterra/core';
import { MlterraError } from '@mlterra/core/errors';
import { ClusterApi } from './cluster-api';
import {
  deployments,
  findNamespace,
  namespaceOfStack,
  namespacesOf,
  pendingRecords,
  pods,
  removeRecord,
  volumeClaims,
} from './cluster-objects';
import type { HookData, Kubeconfig } from './hook-data';
import { WORKLOAD_LABEL } from './labels';
import { PodWatch } from './pod-watch';

/** The resource that a finding asks to replace. */
const ADDRESS = 'helm_release.kubernetes';

/** How long pods may take to end, and with them their namespace. */
const END_SECONDS = 180;

/** Words for a cluster that cannot be asked; there is nothing on one that is not there. */
const GONE = ['kubernetes-kubeconfig-missing', 'kubernetes-context-missing'];

/** What the engine can ask of workloads on Kubernetes. Clusters of clouds are not asked: their API needs a login. */
export const hooks: PlatformHooks = {
  /** Sees that the cluster answers, and forgets what a run that was killed had told Helm to begin. */
  async prepare(context) {
    const { cluster, namespace, release } = context.data as HookData;
    if (cluster === null) return;
    const api = await ClusterApi.open(cluster);
    for (const name of await pendingRecords(api, release)) await removeRecord(api, name);
    PodWatch.start(api, namespace, context.report);
    context.ended?.addEventListener('abort', () => PodWatch.end(namespace));
  },

  /** What pods had trouble with while the release was waited for. */
  explain({ data }) {
    return Promise.resolve(PodWatch.end((data as HookData).namespace));
  },

  async probe(context) {
    const { namespace, deployments: expected, cluster } = context.data as HookData;
    if (cluster === null) return [];
    const api = await ClusterApi.open(cluster);
    if ((await findNamespace(api, namespace)) === undefined) {
      return [{ address: ADDRESS, problem: `namespace ${namespace} is missing` }];
    }
    const found = new Map((await deployments(api, namespace)).map((each) => [each.metadata.name, each]));
    const findings: ProbeFinding[] = [];
    for (const name of expected) {
      const deployment = found.get(name);
      const wanted = deployment?.spec?.replicas ?? 1;
      const available = deployment?.status?.availableReplicas ?? 0;
      if (deployment === undefined) findings.push(finding(`workload ${name} is missing`));
      else if (available < wanted) {
        const why = await reason(api, namespace, name);
        findings.push(finding(`workload ${name} has ${available} of ${wanted} pods available${why}`));
      }
    }
    return findings;
  },

  async release(context) {
    // They may be those of another stack, where this one is no longer in the source.
    const { namespace: own, volumes, cluster } = context.data as HookData;
    const nothing = { released: [], kept: [], left: [] };
    if (cluster === null) {
      if (volumes.length === 0) return nothing;
      return {
        ...nothing,
        kept: [`namespace ${own}, where ${volumes.join(', ')} may be (kubectl delete)`],
      };
    }
    const api = await openIfThere(cluster);
    const namespace = api && (await namespaceOfStack(api, context));
    if (api === undefined || namespace === undefined) return nothing;
    const claims = await volumeClaims(api, namespace);
    if (claims.length > 0 && !context.purge) {
      const what = `namespace ${namespace} with the volumes ${claims.join(', ')} on ${cluster.context}`;
      return { ...nothing, kept: [`${what} (removed by destroy --purge)`] };
    }
    await api.delete(`/api/v1/namespaces/${namespace}`);
    if (await isGone(api, namespace)) return { ...nothing, released: [`namespace ${namespace}`] };
    return { ...nothing, left: [`namespace ${namespace} on ${cluster.context}, which does not end`] };
  },

  async inventory({ environment, stage, data, withData }) {
    const { cluster } = data as HookData;
    const api = cluster === null ? undefined : await openIfThere(cluster);
    if (api === undefined) return [];
    try {
      const found = await namespacesOf(api, environment, stage);
      const stacks = await Promise.all(
        [...found].map(async ([stack, namespace]) => {
          if (withData === true || (await deployments(api, namespace)).length > 0) return [stack];
          return [];
        }),
      );
      return stacks.flat().sort();
    } catch (error) {
      // What is on it is found once it answers again; until then nothing can be done to it.
      if (MlterraError.is(error)) return [];
      throw error;
    }
  },

  /** A command line that prints the secret. */
  locateSecret({ data }, reference) {
    const { cluster } = data as Partial<HookData>;
    const [namespace, name, key] = reference.split('/');
    const path = `{.data.${key}}`;
    const where = cluster ? ` --kubeconfig ${cluster.kubeconfig} --context ${cluster.context}` : '';
    return Promise.resolve(
      `kubectl${where} --namespace ${namespace} get secret ${name} --output jsonpath='${path}' | base64 --decode`,
    );
  },
};

function finding(problem: string): ProbeFinding {
  return { address: ADDRESS, problem };
}

/** What a pod of a workload waits for, where Kubernetes says it. */
async function reason(api: ClusterApi, namespace: string, workload: string): Promise<string> {
  const waiting = (await pods(api, namespace))
    .filter(({ metadata }) => metadata.labels?.[WORKLOAD_LABEL] === workload)
    .flatMap(({ status }) => status?.containerStatuses ?? [])
    .map(({ state }) => state?.waiting?.reason)
    .find((found) => found !== undefined);
  return waiting === undefined ? '' : ` (${waiting})`;
}

/** Undefined where the kubeconfig has no such context: the cluster is gone, and all that was on it. */
async function openIfThere(cluster: Kubeconfig): Promise<ClusterApi | undefined> {
  try {
    return await ClusterApi.open(cluster);
  } catch (error) {
    if (MlterraError.is(error) && GONE.includes(error.code)) return undefined;
    throw error;
  }
}

async function isGone(api: ClusterApi, namespace: string): Promise<boolean> {
  for (let second = 0; second < END_SECONDS; second++) {
    if ((await findNamespace(api, namespace)) === undefined) return true;
    await sleep(1000);
  }
  return false;
}
