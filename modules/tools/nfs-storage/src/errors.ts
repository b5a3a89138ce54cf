import { MlterraError } from '@mlterra/core';

export function platformWithoutCharts(path: string, kind: string): MlterraError {
  return new MlterraError({
    code: 'nfs-platform',
    message: `${path}: the NFS driver does not run on a platform of the kind "${kind}".`,
    expected: 'a Kubernetes cluster',
  });
}

export function classNameInvalid(path: string, given: string): MlterraError {
  return new MlterraError({
    code: 'nfs-class-name',
    message: `${path}: a StorageClass cannot be named "${given}".`,
    expected: 'lower-case letters, digits, "-" and ".", beginning and ending with a letter or digit',
  });
}

export function serverInvalid(path: string, given: string): MlterraError {
  return new MlterraError({
    code: 'nfs-server',
    message: `${path}: "${given}" names no NFS server.`,
    expected: 'a host name or an address, without a scheme and without the exported folder',
  });
}

export function folderInvalid(path: string, given: string): MlterraError {
  return new MlterraError({
    code: 'nfs-share',
    message: `${path}: "${given}" is no folder that a server can export.`,
    expected: 'an absolute path without "..", e.g. "/exports/ml"',
  });
}

export function mountOptionInvalid(path: string, given: string): MlterraError {
  return new MlterraError({
    code: 'nfs-mount-option',
    message: `${path}: "${given}" is no option of a mount.`,
    expected: 'one option each, e.g. "nfsvers=4.1" or "hard"',
  });
}
