import { MlterraError } from '@mlterra/core';

export function serviceNameTaken(name: string): MlterraError {
  return new MlterraError({
    code: 'machines-name-taken',
    message: `Two things of one project would be the service "${name}".`,
    expected:
      'names of workloads and tasks that differ, also with the name of a container or `-volumes` behind them',
    remedy: 'rename one of the constructs',
  });
}

export function cloudsMixed(path: string): MlterraError {
  return new MlterraError({
    code: 'machines-mixed',
    message: `${path}: its stack already runs things on other machines.`,
    expected: 'all workloads of a stack run on one group of machines',
    remedy: 'put the workload into a stack of its own',
  });
}

export function identityForeign(path: string, identity: string): MlterraError {
  return new MlterraError({
    code: 'machines-identity-foreign',
    message: `${path}: it cannot run as "${identity}", which is not the identity of the machines of its stack.`,
    expected: 'an identity made by `addIdentity` of the same platform, in the stack of the workload',
  });
}

export function portTaken(path: string, port: number, owner: string): MlterraError {
  return new MlterraError({
    code: 'machines-port-taken',
    message: `${path}: port ${port} of its machine is already that of ${owner}.`,
    expected: 'numbers of ports that are unique in the stack: what it runs shares a machine',
    remedy: 'give one of them another port, or a stack of its own',
  });
}

export function replicasWithVolumes(
  path: string,
  machines: number,
  volumes: readonly string[],
): MlterraError {
  return new MlterraError({
    code: 'machines-replicas-with-volumes',
    message: `${path}: ${machines} machines cannot share the volumes ${volumes.join(', ')}.`,
    expected: 'one replica of everything in a stack that has volumes',
    remedy: 'set `replicas: 1`, or put what has volumes into a stack of its own',
  });
}

export function volumesLost(path: string, volumes: readonly string[]): MlterraError {
  return new MlterraError({
    code: 'machines-volumes-lost',
    message: `${path}: the data of ${volumes.join(', ')} would be lost when its machine is replaced.`,
    expected: 'machines with a disk that outlives them, for workloads with volumes',
    remedy: 'keep the data in a managed database or object store, or give the machines a data disk',
  });
}
