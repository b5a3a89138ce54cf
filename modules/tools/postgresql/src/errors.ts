import { MlterraError } from '@mlterra/core';

export function databaseNameInvalid(path: string, given: string): MlterraError {
  return new MlterraError({
    code: 'postgresql-database-name',
    message: `${path}: "${given}" cannot name a database and its user.`,
    expected:
      'a lower-case letter, then up to 62 lower-case letters, digits or underscores; not beginning with pg_',
  });
}

export function portInvalid(path: string, given: number): MlterraError {
  return new MlterraError({
    code: 'postgresql-port',
    message: `${path}: PostgreSQL cannot listen on port ${given}.`,
    expected: 'a whole number from 1024 to 65535',
  });
}

export function memoryInvalid(path: string, given: number): MlterraError {
  return new MlterraError({
    code: 'postgresql-memory',
    message: `${path}: PostgreSQL cannot run in ${given} MiB of memory.`,
    expected: 'at least 256, a quarter of which is its cache',
    remedy: 'raise `resources.memoryMiB`',
  });
}

export function platformWithoutPostgres(path: string, kind: string): MlterraError {
  return new MlterraError({
    code: 'postgresql-platform',
    message: `${path}: the platform of the kind "${kind}" runs neither images nor PostgreSQL itself.`,
    expected: 'a `Host`, or a platform that runs images',
  });
}

export function backupsOnHost(path: string): MlterraError {
  return new MlterraError({
    code: 'postgresql-backups-host',
    message: `${path}: PostgreSQL as a process on a host makes no backups.`,
    expected: 'no `backups`, or a platform that runs images',
    remedy: 'call `pg_dump` from the timer of the machine, or copy the disk',
  });
}

export function backupsInvalid(path: string, name: string, given: number): MlterraError {
  return new MlterraError({
    code: 'postgresql-backups',
    message: `${path}: \`backups.${name}\` cannot be ${given}.`,
    expected: 'a whole number, at least 1',
  });
}

export function instancesInvalid(path: string, given: number): MlterraError {
  return new MlterraError({
    code: 'postgresql-instances',
    message: `${path}: a server cannot have ${given} instances.`,
    expected: 'a whole number, at least 1',
  });
}

export function pluginMissing(path: string): MlterraError {
  return new MlterraError({
    code: 'postgresql-barman-plugin',
    message: `${path}: backups and recovery of CloudNativePG need its Barman Cloud plugin.`,
    expected: 'a `BarmanCloudPlugin` beside the operator',
    remedy: "call `operator.addBarmanPlugin(…)`, or set `method: 'in-tree'`, which ends with release 1.31",
  });
}

export function scheduleInvalid(path: string, given: string): MlterraError {
  return new MlterraError({
    code: 'postgresql-schedule',
    message: `${path}: "${given}" is no schedule of CloudNativePG.`,
    expected: 'six fields, the first of them seconds, e.g. "0 0 1 * * *" for one in the morning, UTC',
  });
}

export function targetTimeInvalid(path: string, given: string): MlterraError {
  return new MlterraError({
    code: 'postgresql-target-time',
    message: `${path}: nothing can be recovered to "${given}".`,
    expected: 'a time with its zone, e.g. "2026-11-21T17:30:00Z"',
  });
}

export function recoveryOverwrites(path: string, serverName: string): MlterraError {
  return new MlterraError({
    code: 'postgresql-recovery',
    message: `${path}: backups would go to "${serverName}", from which it is recovered itself.`,
    expected: 'another name in the store',
    remedy: 'set `backups.serverName`',
  });
}

export function storeUnusable(path: string): MlterraError {
  return new MlterraError({
    code: 'postgresql-store',
    message: `${path}: CloudNativePG cannot write to this object store.`,
    expected:
      'an S3-compatible server with keys of its own, or a bucket of the cloud that the cluster runs on',
  });
}
