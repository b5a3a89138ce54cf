import { MlterraError } from '@mlterra/core/errors';

export function notRoot(): MlterraError {
  return new MlterraError({
    code: 'k3s-not-root',
    message: 'k3s can be installed by root only.',
    remedy: 'run mlterra as root, or install k3s yourself and use it by `K3sCluster.fromExisting`',
  });
}

export function notLinux(platform: string): MlterraError {
  return new MlterraError({
    code: 'k3s-not-linux',
    message: `k3s runs on Linux, this machine is ${platform}.`,
    remedy: 'take @mlterra/kind or @mlterra/minikube',
  });
}

export function registriesForeign(file: string): MlterraError {
  return new MlterraError({
    code: 'k3s-registries-foreign',
    message: `${file} is there already, and says something else than \`registryPort\`.`,
    remedy: 'remove `registryPort` and name the registry in that file',
  });
}
