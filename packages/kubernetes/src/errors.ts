import { MlterraError } from '@mlterra/core/errors';

export function clustersMixed(path: string): MlterraError {
  return new MlterraError({
    code: 'kubernetes-clusters-mixed',
    message: `${path}: its stack already runs things on another cluster.`,
    expected: 'all workloads of a stack run on one cluster',
    remedy: 'put the workload into a stack of its own',
  });
}

export function variableOverrides(variable: string, kubeconfig: string, context: string): MlterraError {
  return new MlterraError({
    code: 'kubernetes-variable-overrides',
    message: `${variable} is set, by which Helm's provider would leave the cluster that the source names: the context "${context}" of ${kubeconfig}.`,
    expected: `a run without ${variable}`,
    remedy: `unset ${variable}; nothing was changed`,
  });
}

export function helmDriverForeign(given: string, expected: string): MlterraError {
  return new MlterraError({
    code: 'kubernetes-helm-driver',
    message: `HELM_DRIVER is "${given}", by which Helm would not find the releases that are on the cluster.`,
    expected: `"${expected}", the default`,
    remedy: 'unset HELM_DRIVER; nothing was changed',
  });
}

export function nameTaken(path: string, kind: string, name: string): MlterraError {
  return new MlterraError({
    code: 'kubernetes-name-taken',
    message: `${path}: the stack already has a ${kind} named "${name}".`,
    expected: 'constructs whose paths differ in more than case and separators',
    remedy: 'rename one of the constructs or volumes',
  });
}

export function clusterNameTaken(path: string, kind: string, name: string, other: string): MlterraError {
  return new MlterraError({
    code: 'kubernetes-cluster-name-taken',
    message: `${path}: the cluster already has a ${kind} named "${name}", of ${other}.`,
    expected: 'names that are unique on the cluster: the kind has no namespaces',
    remedy: 'put the stage or the stack into the name, or let both use one object',
  });
}

export function releaseTaken(path: string, name: string): MlterraError {
  return new MlterraError({
    code: 'kubernetes-release-taken',
    message: `${path}: the stack already has a chart whose release is "${name}".`,
    expected: 'one release of a name in a stack',
    remedy: 'set `releaseName`, or put the chart into a stack of its own',
  });
}

export function secretKeyInvalid(path: string, secret: string, key: string): MlterraError {
  return new MlterraError({
    code: 'kubernetes-secret-key',
    message: `${path}: "${key}" cannot be a key of the Secret "${secret}".`,
    expected: 'letters, digits, hyphens, dots and underscores',
  });
}

export function identityForeign(path: string, identity: string): MlterraError {
  return new MlterraError({
    code: 'kubernetes-identity-foreign',
    message: `${path}: it cannot run as "${identity}", which is not an identity of this cluster in the same stack.`,
    expected: 'an identity made by `addIdentity` of the same platform, in the stack of the workload',
  });
}

export function portNameInvalid(path: string, container: string, name: string): MlterraError {
  return new MlterraError({
    code: 'kubernetes-port-name',
    message: `${path}: "${name}" cannot name a port of the container "${container}".`,
    expected:
      'at most 15 lower-case letters, digits and single hyphens, with a letter among them, no hyphen at either end',
  });
}

export function portPrivileged(path: string, container: string, port: number): MlterraError {
  return new MlterraError({
    code: 'kubernetes-port',
    message: `${path}: the container "${container}" cannot listen on port ${port}.`,
    expected: 'a port from 1024 on: containers do not run as root',
  });
}

export function portDuplicate(path: string, container: string, name: string, port: number): MlterraError {
  return new MlterraError({
    code: 'kubernetes-port-duplicate',
    message: `${path}: the port "${name}" (${port}) of the container "${container}" has the name or number of another port of the workload.`,
    expected: 'names and numbers of ports that are unique in the workload: its containers share one address',
  });
}

export function replicasWithVolumes(path: string, replicas: number): MlterraError {
  return new MlterraError({
    code: 'kubernetes-replicas-with-volumes',
    message: `${path}: ${replicas} replicas cannot share its volumes.`,
    expected: 'one replica: a volume is on one machine at a time',
    remedy: 'set `replicas: 1`, or keep what the replicas share in a database or an object store',
  });
}

export function kubeconfigMissing(kubeconfig: string, hint?: string): MlterraError {
  return new MlterraError({
    code: 'kubernetes-kubeconfig-missing',
    message: `There is no kubeconfig ${kubeconfig}.`,
    expected: 'the file in which the cluster and its credentials are described',
    remedy: `start the cluster, or ${hint ?? 'name the file that describes it by `kubeconfig`'}`,
  });
}

export function kubeconfigUnreadable(kubeconfig: string, reason: string): MlterraError {
  return new MlterraError({
    code: 'kubernetes-kubeconfig-unreadable',
    message: `The kubeconfig ${kubeconfig} cannot be used: ${reason}.`,
    expected: 'a kubeconfig that whoever runs mlterra may read',
  });
}

export function contextMissing(
  kubeconfig: string,
  context: string,
  contexts: readonly string[],
  hint?: string,
): MlterraError {
  return new MlterraError({
    code: 'kubernetes-context-missing',
    message: `The kubeconfig ${kubeconfig} has no context "${context}".`,
    expected: contexts.length > 0 ? contexts.join(' or ') : 'a context, and it has none',
    remedy: `${hint ?? 'set `context`'}, or start the cluster that makes this one`,
  });
}

export function clusterUnreachable(server: string, reason: string, hint?: string): MlterraError {
  return new MlterraError({
    code: 'kubernetes-unreachable',
    message: `The API of the cluster at ${server} cannot be reached: ${reason}.`,
    remedy: `start the cluster, or see that this machine reaches the address and trusts its certificate${hint === undefined ? '' : `, or ${hint}`}`,
  });
}

export function apiRefused(server: string, what: string, status: number, reason: string): MlterraError {
  return new MlterraError({
    code: 'kubernetes-api-refused',
    message: `The API of the cluster at ${server} refuses ${what}: ${status} ${reason}`,
    expected: 'credentials of an administrator in the kubeconfig',
  });
}

export function secretInPlainText(path: string, what: string, where: string): MlterraError {
  return new MlterraError({
    code: 'kubernetes-secret-in-plain-text',
    message: `${path}: ${what} would hold a secret, at "${where}", in the open.`,
    expected: 'the name of a Secret there',
    remedy: 'put the secret into a Secret by `addSecret`, and name that one',
  });
}

export function clusterSecretElsewhere(path: string, secret: string, namespace: string): MlterraError {
  return new MlterraError({
    code: 'kubernetes-secret-elsewhere',
    message: `${path}: its pods are in the namespace "${namespace}" and cannot read the Secret key ${secret}.`,
    expected: 'a Secret in the namespace of the workload',
    remedy: 'make the sealed or external secret in the stack of the workload',
  });
}

export function clusterSecretInFile(path: string, file: string, secret: string): MlterraError {
  return new MlterraError({
    code: 'kubernetes-secret-in-file',
    message: `${path}: the file ${file} cannot hold the Secret key ${secret}, whose content Terraform does not know.`,
    expected: 'it in an environment variable, alone or within a text',
    remedy: 'let the program read an environment variable',
  });
}

export function apiGrantTooLate(path: string, identity: string): MlterraError {
  return new MlterraError({
    code: 'kubernetes-api-grant-late',
    message: `${path}: something runs as "${identity}" already, without a token of the cluster's API.`,
    expected: '`grantApi` before the workload runs',
  });
}
