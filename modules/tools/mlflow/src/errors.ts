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

export function invalidReplicas(path: string, given: number): MlterraError {
  return new MlterraError({
    code: 'mlflow-replicas',
    message: `${path}: MLflow cannot run ${given} servers.`,
    expected: 'a whole number, at least 1',
  });
}

export function replicasAndScaling(path: string, replicas: number): MlterraError {
  return new MlterraError({
    code: 'mlflow-replicas-scaling',
    message: `${path}: MLflow is to run ${replicas} servers, and as many as the load needs.`,
    expected: '`replicas` or `scaling`',
    remedy: 'leave out `replicas`; `scaling.minReplicas` says how few there are',
  });
}

export function invalidStartSeconds(path: string, given: number): MlterraError {
  return new MlterraError({
    code: 'mlflow-start-seconds',
    message: `${path}: the start of MLflow cannot take up to ${given} seconds.`,
    expected: 'a whole number, at least 30',
  });
}

export function halfGateway(path: string, given: 'gateway' | 'hostname'): MlterraError {
  const missing = given === 'gateway' ? 'hostname' : 'gateway';
  return new MlterraError({
    code: 'mlflow-gateway',
    message: `${path}: \`${given}\` is set, \`${missing}\` is not.`,
    expected: 'both, or neither',
    remedy: `set \`${missing}\` too`,
  });
}

export function invalidIssuer(path: string, given: string): MlterraError {
  return new MlterraError({
    code: 'mlflow-oidc-issuer',
    message: `${path}: "${given}" is not the URL of an OpenID Connect provider.`,
    expected: 'https://…, or http:// on localhost',
    remedy: 'set `oidc.issuerUrl` to the `issuer` in its discovery document',
  });
}

export function noGroups(path: string): MlterraError {
  return new MlterraError({
    code: 'mlflow-oidc-groups',
    message: `${path}: nobody could log in, as \`oidc\` names no group.`,
    expected: 'at least one group in `oidc.groups` or `oidc.adminGroups`',
  });
}

export function invalidGroup(path: string, given: string): MlterraError {
  return new MlterraError({
    code: 'mlflow-oidc-group',
    message: `${path}: "${given}" is not the name of a group.`,
    expected: 'a name without commas, which separate groups for the server',
  });
}

export function oidcWithoutUrl(path: string): MlterraError {
  return new MlterraError({
    code: 'mlflow-oidc-url',
    message: `${path}: the provider does not know where to send users back to.`,
    expected: '`gateway` and `hostname`, or `oidc.publicUrl`',
    remedy: 'set `oidc.publicUrl` to the address of the server in a browser, e.g. `http://localhost:5000`',
  });
}

export function invalidPublicUrl(path: string, given: string): MlterraError {
  return new MlterraError({
    code: 'mlflow-oidc-public-url',
    message: `${path}: "${given}" is not the address of a server in a browser.`,
    expected: 'http:// or https://, a name and perhaps a port; no path',
  });
}

export function oidcWithoutImage(path: string, image: string, requirement: string): MlterraError {
  return new MlterraError({
    code: 'mlflow-oidc-image',
    message: `${path}: the image ${image} cannot log users in by OpenID Connect.`,
    expected: `an image with the Python package ${requirement}`,
    remedy: 'build images/mlflow, which has it, push it to a registry of yours, and name it in `image`',
  });
}
