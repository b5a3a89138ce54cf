import type { Rehearsed, TaskFacts, WorkloadFacts } from '@mlterra/testing/contracts';
import type { AppliedObject, PodContainer, PodProbe } from './contract/applied-object';
import { programFacts } from './contract/program-facts';
import { portNumber, reachableServices } from './contract/reach';
import { appliedReleases, type AppliedRelease } from './contract/release';

export { observeKubernetesCharts } from './contract/charts';
export { observeKubernetesObjects } from './contract/objects';

/**
 * The workloads in a stage, read from the applied releases: from what would reach the cluster, not from what the
 * renderer meant.
 * @param memberOf who a service account is to the cloud, as grants name it
 */
export function observeKubernetesWorkloads(
  stage: Rehearsed,
  memberOf: (namespace: string, serviceAccount: string) => string | undefined,
): readonly WorkloadFacts[] {
  return appliedReleases(stage).flatMap((release) =>
    release.objects
      .filter(({ kind }) => kind === 'Deployment' || kind === 'StatefulSet' || kind === 'DaemonSet')
      .flatMap((object) =>
        (object.spec?.template?.spec?.containers ?? []).map((container) =>
          workloadFacts({ stage, release, object, container, memberOf }),
        ),
      ),
  );
}

/** The tasks in a stage, read from the Jobs of the applied releases. */
export function observeKubernetesTasks(stage: Rehearsed): readonly TaskFacts[] {
  return appliedReleases(stage).flatMap((release) =>
    release.objects
      .filter(({ kind }) => kind === 'Job')
      .flatMap(({ metadata: { name = '', namespace = '' } = {}, spec = {} }) => {
        const pod = spec.template?.spec ?? {};
        return (pod.containers ?? []).map((container): TaskFacts => ({
          name: `${namespace}/${name}`,
          address: `${release.address} Job ${name}`,
          stack: release.stack,
          ...programFacts({ release, namespace, pod, container }),
          timeoutSeconds: spec.activeDeadlineSeconds,
        }));
      }),
  );
}

interface Observed {
  readonly stage: Rehearsed;
  readonly release: AppliedRelease;
  readonly object: AppliedObject;
  readonly container: PodContainer;
  readonly memberOf: (namespace: string, serviceAccount: string) => string | undefined;
}

function workloadFacts(observed: Observed): WorkloadFacts {
  const { release, object, container } = observed;
  const namespace = object.metadata?.namespace ?? '';
  const name = object.metadata?.name ?? '';
  const pod = object.spec?.template?.spec ?? {};
  const serviceAccount = pod.serviceAccountName ?? 'default';
  const isDeclared = release.objects.some(
    ({ kind, metadata }) =>
      kind === 'ServiceAccount' && metadata?.name === serviceAccount && metadata.namespace === namespace,
  );
  return {
    name: `${namespace}/${name}/${container.name}`,
    address: `${release.address} ${object.kind} ${name}`,
    stack: release.stack,
    container: container.name,
    ...programFacts({ release, namespace, pod, container }),
    ports: (container.ports ?? []).map((port) => ({
      name: port.name ?? '',
      port: port.containerPort ?? 0,
    })),
    ...reachFacts(observed, namespace),
    readinessProbe: probeFacts(container, container.readinessProbe),
    livenessProbe: probeFacts(container, container.livenessProbe),
    replicas: object.spec?.replicas ?? leastReplicas(release, object) ?? 1,
    member: isDeclared ? observed.memberOf(namespace, serviceAccount) : undefined,
    apiTokenMounted: pod.automountServiceAccountToken ?? true,
  };
}

/** Of a Deployment that is scaled. */
function leastReplicas({ objects }: AppliedRelease, { metadata }: AppliedObject): number | undefined {
  return objects.find(
    ({ kind, metadata: own, spec }) =>
      kind === 'HorizontalPodAutoscaler' &&
      own?.namespace === metadata?.namespace &&
      spec?.scaleTargetRef?.name === metadata?.name,
  )?.spec?.minReplicas;
}

function reachFacts(
  { stage, release, object, container }: Observed,
  namespace: string,
): Pick<WorkloadFacts, 'hosts' | 'reachablePorts'> {
  const key = stage.stacks.find(
    ({ stackKey }) => `${stackKey.stage}-${stackKey.stack}` === release.stack,
  )?.stackKey;
  const services = reachableServices({
    objects: release.objects,
    namespace,
    podLabels: object.spec?.template?.metadata?.labels ?? {},
    container,
    clientNamespaceLabels: {
      'mlterra.dev/environment': key?.environment ?? '',
      'mlterra.dev/stage': key?.stage ?? '',
    },
  });
  return {
    hosts: [...services.keys()].flatMap((name) => [
      `${name}.${namespace}.svc`,
      `${name}.${namespace}.svc.cluster.local`,
      `${name}.${namespace}`,
    ]),
    reachablePorts: [...new Set([...services.values()].flat())],
  };
}

function probeFacts(container: PodContainer, probe: PodProbe | undefined): WorkloadFacts['readinessProbe'] {
  if (probe?.exec?.command !== undefined) return { command: probe.exec.command };
  const port = portNumber(container, probe?.httpGet?.port ?? probe?.tcpSocket?.port);
  if (port === undefined) return undefined;
  const path = probe?.httpGet?.path;
  return path === undefined ? { port } : { port, path };
}
