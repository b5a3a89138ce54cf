import type { SecretUse, WorkloadFacts } from '@mlterra/testing/contracts';
import type { Labels, PodContainer, PodSpec } from './applied-object';
import { egressFacts } from './egress-facts';
import { cpuMillis, memoryMiB } from './quantity';
import type { AppliedRelease } from './release';

export interface AppliedProgram {
  readonly release: AppliedRelease;
  readonly namespace: string;
  readonly pod: PodSpec;
  readonly container: PodContainer;
}

type ProgramFacts = Pick<
  WorkloadFacts,
  | 'image'
  | 'command'
  | 'variables'
  | 'secretVariables'
  | 'files'
  | 'secretFiles'
  | 'nonRoot'
  | 'readOnlyRoot'
  | 'capabilitiesDropped'
  | 'privilegeEscalation'
  | 'seccomp'
  | 'memoryLimitMiB'
  | 'cpuRequestMillis'
  | 'egress'
  | 'plainText'
>;

/** What a container of any pod runs, and what it may do. */
export function programFacts({ release, namespace, pod, container }: AppliedProgram): ProgramFacts {
  return {
    image: container.image,
    command: [...(container.command ?? []), ...(container.args ?? [])].map(unescapeExpansion),
    ...variableFacts(container, release, namespace),
    ...fileFacts(container, pod, release, namespace),
    ...hardeningFacts(container, pod),
    memoryLimitMiB: memoryMiB(container.resources?.limits?.memory),
    cpuRequestMillis: cpuMillis(container.resources?.requests?.cpu),
    egress: egressFacts({ objects: release.stageObjects, namespace, podLabels: podLabels(release, pod) }),
    plainText: release.plainText,
  };
}

/** Labels of the template that the pod is made from. */
function podLabels({ objects }: AppliedRelease, pod: PodSpec): Labels {
  return objects.find(({ spec }) => spec?.template?.spec === pod)?.spec?.template?.metadata?.labels ?? {};
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
