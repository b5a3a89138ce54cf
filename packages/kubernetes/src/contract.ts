import type { Rehearsed, SecretUse, WorkloadFacts } from '@mlterra/testing/contracts';
import type { AppliedObject, PodContainer, PodProbe, PodSpec } from './contract/applied-object';
import { cpuMillis, memoryMiB } from './contract/quantity';
import { portNumber, reachableServices } from './contract/reach';
import { appliedReleases, type AppliedRelease } from './contract/release';

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
    image: container.image,
    command: [...(container.command ?? []), ...(container.args ?? [])].map(unescapeExpansion),
    ...variableFacts(container, release, namespace),
    ...fileFacts(container, pod, release, namespace),
    ports: (container.ports ?? []).map((port) => ({
      name: port.name ?? '',
      port: port.containerPort ?? 0,
    })),
    ...reachFacts(observed, namespace),
    readinessProbe: probeFacts(container, container.readinessProbe),
    livenessProbe: probeFacts(container, container.livenessProbe),
    ...hardeningFacts(container, pod),
    memoryLimitMiB: memoryMiB(container.resources?.limits?.memory),
    cpuRequestMillis: cpuMillis(container.resources?.requests?.cpu),
    replicas: object.spec?.replicas ?? 1,
    member: isDeclared ? observed.memberOf(namespace, serviceAccount) : undefined,
    apiTokenMounted: pod.automountServiceAccountToken ?? true,
    plainText: release.plainText,
  };
}

function variableFacts(
  { env = [] }: PodContainer,
  release: AppliedRelease,
  namespace: string,
): Pick<WorkloadFacts, 'variables' | 'secretVariables'> {
  const secretVariables: Record<string, SecretUse> = {};
  const variables: Record<string, string> = {};
  for (const { name, value = '', valueFrom } of env) {
    const reference = valueFrom?.secretKeyRef;
    if (reference) secretVariables[name] = secretUse(release, namespace, reference.name, reference.key);
    else variables[name] = unescapeExpansion(value);
  }
  return { variables, secretVariables };
}

function fileFacts(
  { volumeMounts = [] }: PodContainer,
  { volumes = [] }: PodSpec,
  release: AppliedRelease,
  namespace: string,
): Pick<WorkloadFacts, 'files' | 'secretFiles'> {
  const files: Record<string, string> = {};
  const secretFiles: Record<string, SecretUse> = {};
  for (const { name, mountPath = '', subPath } of volumeMounts) {
    const volume = volumes.find((each) => each.name === name);
    if (subPath === undefined || volume === undefined) continue;
    if (volume.secret)
      secretFiles[mountPath] = secretUse(release, namespace, volume.secret.secretName, subPath);
    const content = release.objects.find(
      ({ kind, metadata }) =>
        kind === 'ConfigMap' &&
        metadata?.name === volume.configMap?.name &&
        metadata?.namespace === namespace,
    )?.data?.[subPath];
    if (volume.configMap && content !== undefined) files[mountPath] = content;
  }
  return { files, secretFiles };
}

function secretUse(release: AppliedRelease, namespace: string, name = '', key = ''): SecretUse {
  return { reference: `${namespace}/${name}/${key}`, value: release.secrets[name]?.[key] };
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
  const port = portNumber(container, probe?.httpGet?.port ?? probe?.tcpSocket?.port);
  if (port === undefined) return undefined;
  const path = probe?.httpGet?.path;
  return path === undefined ? { port } : { port, path };
}

function hardeningFacts({ securityContext: own = {} }: PodContainer, { securityContext: all = {} }: PodSpec) {
  const user = own.runAsUser ?? all.runAsUser;
  return {
    nonRoot: (own.runAsNonRoot ?? all.runAsNonRoot) === true && user !== undefined && user > 0,
    readOnlyRoot: own.readOnlyRootFilesystem === true,
    capabilitiesDropped:
      own.capabilities?.drop?.includes('ALL') === true && (own.capabilities.add ?? []).length === 0,
    privilegeEscalation: own.privileged === true || (own.allowPrivilegeEscalation ?? true),
    seccomp: ['RuntimeDefault', 'Localhost'].includes(
      (own.seccompProfile ?? all.seccompProfile)?.type ?? 'Unconfined',
    ),
  };
}

/** What Kubernetes makes of `$$` in arguments and plain variables. */
function unescapeExpansion(text: string): string {
  return text.replaceAll('$$', '$');
}
