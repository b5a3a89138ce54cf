import { setTimeout as sleep } from 'node:timers/promises';
import type { PlatformHooks, ProbeFinding } from '@mlterra/core';
import { MlterraError } from '@mlterra/core/errors';
import { ClusterApi } from './cluster-api';
import {
  findNamespace,
  hasWorkloads,
  namespaceOfStack,
  namespacesOf,
  pendingRecords,
  volumeClaims,
} from './cluster-objects';
import type { HookData, Kubeconfig } from './hook-data';
import { checkHelmDriver } from './helm-driver';
import { kubernetesTargets } from './kubernetes-target';
import { heldIn } from './namespace-end';
import { PodWatch } from './pod-watch';
import { chartWorkloads } from './release-record';
import { workloadProblems } from './workload-problems';

/** What a finding asks to replace: all releases of the stack are then upgraded in their place. */
const ADDRESS = 'terraform_data.kubernetes';

/** Where the release of a stack has its records. */
const RELEASE_NAMESPACE = 'default';

/** How long pods may take to end, and with them their namespace. */
const END_SECONDS = 180;

/** Words for a cluster that cannot be asked; there is nothing on one that is not there. */
const GONE = ['kubernetes-kubeconfig-missing', 'kubernetes-context-missing'];

/** What the engine can ask of workloads on Kubernetes. Clusters of clouds are not asked: their API needs a login. */
export const hooks: PlatformHooks = {
  /** Sees that the cluster answers, and forgets what a run that was killed had told Helm to begin. */
  async prepare(context) {
    const { cluster, namespace, release, charts = [] } = context.data as HookData;
    if (cluster === null) return;
    const api = await ClusterApi.open(cluster);
    const records = await Promise.all([
      pendingRecords(api, RELEASE_NAMESPACE, release),
      ...charts.map((chart) => pendingRecords(api, namespace, chart)),
    ]);
    for (const path of records.flat()) await api.delete(path);
    PodWatch.start(api, namespace, context.report);
    context.ended?.addEventListener('abort', () => PodWatch.end(namespace));
  },

  /** What pods had trouble with while the release was waited for, and what a namespace that should go waits for. */
  async explain({ data }) {
    const { namespace, cluster } = data as HookData;
    const troubles = PodWatch.end(namespace);
    if (cluster === null) return troubles;
    const api = await ClusterApi.open(cluster);
    const end = await endTrouble(api, namespace);
    return [...troubles, ...(end === undefined ? [] : [`namespace ${namespace} ${end}`])];
  },

  async probe(context) {
    const { namespace, deployments, cluster, charts = [] } = context.data as HookData;
    if (cluster === null) return [];
    const api = await ClusterApi.open(cluster);
    if ((await findNamespace(api, namespace)) === undefined) {
      return [finding(`namespace ${namespace} is missing`)];
    }
    const own = deployments.map((name) => ({ kind: 'Deployment', namespace, name }) as const);
    const problems = [
      await workloadProblems(api, own, ({ name }) => `workload ${name}`),
      ...(await Promise.all(
        charts.map(async (chart) =>
          workloadProblems(
            api,
            await chartWorkloads(api, namespace, chart),
            ({ kind, name }) => `${kind} ${name} of the chart ${chart}`,
          ),
        ),
      )),
    ];
    return problems.flat().map(finding);
  },

  async release(context) {
    // They may be those of another stack, where this one is no longer in the source.
    const { namespace: own, volumes, cluster, charts = [] } = context.data as HookData;
    const nothing = { released: [], kept: [], left: [] };
    if (cluster === null) {
      const data = [...volumes, ...charts.map((chart) => `volumes of ${chart}`)];
      if (data.length === 0) return nothing;
      return { ...nothing, kept: [`namespace ${own}, where ${data.join(', ')} may be (kubectl delete)`] };
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
    const why = (await endTrouble(api, namespace)) ?? 'does not end';
    return { ...nothing, left: [`namespace ${namespace} on ${cluster.context}, which ${why}`] };
  },

  async inventory({ environment, stage, data, withData }) {
    const { cluster } = data as HookData;
    const api = cluster === null ? undefined : await openIfThere(cluster);
    if (api === undefined) return [];
    try {
      const found = await namespacesOf(api, environment, stage);
      const stacks = await Promise.all(
        [...found].map(async ([stack, namespace]) => {
          return withData === true || (await hasWorkloads(api, namespace)) ? [stack] : [];
        }),
      );
      return stacks.flat().sort();
    } catch (error) {
      // What is on it is found once it answers again; until then nothing can be done to it.
      if (MlterraError.is(error)) return [];
      throw error;
    }
  },

  async targets({ data }) {
    const { cluster } = data as Partial<HookData>;
    checkHelmDriver();
    // A cluster of a cloud is reached by the address that its stack has exported.
    return cluster == null ? {} : kubernetesTargets(cluster);
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

/** What a namespace that was deleted waits for; undefined for any other. */
async function endTrouble(api: ClusterApi, namespace: string): Promise<string | undefined> {
  const found = await findNamespace(api, namespace);
  const held = found === undefined ? [] : await heldIn(api, found);
  if (held.length === 0) return undefined;
  return `waits for ${held.join(', ')}: whoever set a finalizer has to run until it is done`;
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
