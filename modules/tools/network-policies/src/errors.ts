import { MlterraError } from '@mlterra/core';

export function platformWithoutPolicies(path: string, kind: string): MlterraError {
  return new MlterraError({
    code: 'network-policies-platform',
    message: `${path}: a platform of the kind "${kind}" has no network policies.`,
    expected: 'a Kubernetes cluster',
  });
}

export function namespaceInvalid(path: string, given: string): MlterraError {
  return new MlterraError({
    code: 'network-policies-namespace',
    message: `${path}: a namespace cannot be named "${given}".`,
    expected: 'lower-case letters, digits and "-", beginning and ending with a letter or digit; at most 63',
  });
}

export function namespaceOfSystem(path: string, given: string): MlterraError {
  return new MlterraError({
    code: 'network-policies-system',
    message: `${path}: the namespace "${given}" cannot be closed: the cluster would stop working.`,
    remedy: 'leave it to whoever runs the cluster',
  });
}

export function nothingToDo(path: string, rule: string): MlterraError {
  return new MlterraError({
    code: 'network-policies-empty',
    message: `${path}: the rule "${rule}" lets nothing through.`,
    expected: '`ports` that others connect to, or `connectsTo`, or both',
    remedy: 'to keep everything out, name the namespace in `namespaces`',
  });
}

export function portInvalid(path: string, rule: string, given: number): MlterraError {
  return new MlterraError({
    code: 'network-policies-port',
    message: `${path}: the rule "${rule}" cannot name the port ${given}.`,
    expected: 'a whole number from 1 to 65535',
  });
}
