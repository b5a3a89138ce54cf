import { MlterraError } from '@mlterra/core/errors';

export function desiredMissing(tool: string): MlterraError {
  return new MlterraError({
    code: 'cluster-desired-missing',
    message: `The provisioner of the ${tool} cluster was started without a description of it.`,
    expected: 'it is started by `terraform apply` on the stack of the cluster',
  });
}

export function toolMissing(tool: string, what: string, remedy: string): MlterraError {
  return new MlterraError({
    code: 'cluster-tool-missing',
    message: `There is no ${tool} here: ${what}.`,
    expected: `the command "${tool}" on the PATH`,
    remedy,
  });
}

export function toolFailed(tool: string, what: string, output: string, remedy?: string): MlterraError {
  return new MlterraError({
    code: 'cluster-tool-failed',
    message: `${tool} could not ${what}:\n${output.replace(/^/gm, '    ')}`,
    ...(remedy === undefined ? {} : { remedy }),
  });
}

export function clusterForeign(tool: string, name: string, removal: string): MlterraError {
  return new MlterraError({
    code: 'cluster-foreign',
    message: `There already is a ${tool} cluster "${name}", which this environment has not made.`,
    expected: 'a name that no other cluster has, or no such cluster',
    remedy: `set \`name\`, or use the cluster as it is by \`fromExisting\`; to remove it: ${removal}`,
  });
}

export function clusterDiffers(tool: string, name: string, differences: readonly string[]): MlterraError {
  return new MlterraError({
    code: 'cluster-differs',
    message: `The ${tool} cluster "${name}" was made otherwise, and ${tool} cannot change it:\n${differences.join('\n').replace(/^/gm, '    ')}`,
    remedy: 'go back to what it was, or lose what is on it: mlterra destroy --purge, then apply',
  });
}

export function publishedPortTaken(tool: string, name: string, port: number): MlterraError {
  return new MlterraError({
    code: 'cluster-port-taken',
    message: `Port ${port} of this machine, which the ${tool} cluster "${name}" is to publish, is in use.`,
    expected: 'a port on which nobody listens',
    remedy: 'end the program that has it, or choose another one in `publish`',
  });
}

export function clusterTooOld(server: string, version: string, oldest: string): MlterraError {
  return new MlterraError({
    code: 'cluster-too-old',
    message: `The cluster at ${server} runs Kubernetes ${version}.`,
    expected: `${oldest} or newer`,
  });
}

export function storageClassMissing(context: string, classes: readonly string[]): MlterraError {
  return new MlterraError({
    code: 'cluster-storage-class-missing',
    message: `The cluster "${context}" has no default storage class: volumes would never be made.`,
    expected: 'a StorageClass with the annotation storageclass.kubernetes.io/is-default-class: "true"',
    remedy:
      classes.length > 0
        ? `set \`storageClass\` to one it has: ${classes.join(' or ')}`
        : 'install one, e.g. local-path-provisioner',
  });
}

export function storageClassUnknown(name: string, classes: readonly string[]): MlterraError {
  return new MlterraError({
    code: 'cluster-storage-class-unknown',
    message: `The cluster has no storage class "${name}".`,
    expected: classes.length > 0 ? classes.join(' or ') : 'a storage class, and it has none',
  });
}

export function clusterNameInvalid(path: string, name: string): MlterraError {
  return new MlterraError({
    code: 'cluster-name-invalid',
    message: `${path}: "${name}" is no name for a cluster.`,
    expected:
      'a lower-case letter, then up to 39 lower-case letters, digits or hyphens, not ending in a hyphen',
  });
}

export function nodesInvalid(path: string, nodes: number): MlterraError {
  return new MlterraError({
    code: 'cluster-nodes-invalid',
    message: `${path}: a cluster cannot have ${nodes} nodes.`,
    expected: 'a whole number from 1 to 20',
  });
}
