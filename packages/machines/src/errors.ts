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
