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
