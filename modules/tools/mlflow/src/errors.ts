import { MlterraError } from '@mlterra/core';

export function invalidDatabaseName(path: string, given: string): MlterraError {
  return new MlterraError({
    code: 'mlflow-database-name',
    message: `${path}: "${given}" is not a name for MLflow's database.`,
    expected: 'a lower-case letter, then up to 57 lower-case letters, digits or underscores',
    remedy: 'set `databaseName`',
  });
}

export function invalidPort(path: string, given: number): MlterraError {
  return new MlterraError({
    code: 'mlflow-port',
    message: `${path}: MLflow cannot listen on port ${given}.`,
    expected: 'a whole number from 1 to 65535',
  });
}

export function invalidWorkers(path: string, given: number): MlterraError {
  return new MlterraError({
    code: 'mlflow-workers',
    message: `${path}: MLflow cannot run ${given} workers.`,
    expected: 'a whole number, at least 1',
  });
}
