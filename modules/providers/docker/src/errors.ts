import { MlterraError } from '@mlterra/core/errors';

export function enginesMixed(path: string): MlterraError {
  return new MlterraError({
    code: 'docker-engines-mixed',
    message: `${path}: the stack already has something on another Docker engine.`,
    expected: 'one engine for everything in a stack',
    remedy: 'put it into a stack of its own',
  });
}

export function contextOverrides(context: string, host: string): MlterraError {
  return new MlterraError({
    code: 'docker-context-overrides',
    message: `DOCKER_CONTEXT=${context} is set, by which Terraform's provider would leave ${host}, the Docker daemon that the source names.`,
    expected: 'a run without DOCKER_CONTEXT where the source names the daemon',
    remedy: 'unset DOCKER_CONTEXT, or leave `host` out of new DockerEngine(…); nothing was changed',
  });
}

export function nameTaken(path: string, name: string, other: string): MlterraError {
  return new MlterraError({
    code: 'docker-name-taken',
    message: `${path}: the name "${name}" is already that of ${other}.`,
    expected: 'every workload of a stage has a name of its own on an engine: its path below its stack',
    remedy: 'rename one of the constructs',
  });
}

export function replicasUnsupported(path: string, replicas: number): MlterraError {
  return new MlterraError({
    code: 'docker-replicas',
    message: `${path}: ${replicas} replicas are asked for, and a Docker engine runs one.`,
    remedy: 'leave `replicas` out where platform.platformKind is "docker"',
  });
}

export function identityForeign(path: string, name: string): MlterraError {
  return new MlterraError({
    code: 'docker-identity-foreign',
    message: `${path}: the identity "${name}" was not made by this engine in this stage.`,
    remedy: 'make it with addIdentity of the engine that runs the workload',
  });
}

export function fileMisplaced(path: string, container: string, file: string, reason: string): MlterraError {
  return new MlterraError({
    code: 'docker-file-misplaced',
    message: `${path}: the file ${file} of the container "${container}" cannot be there on Docker: ${reason}.`,
    expected: 'files in folders of their own, e.g. /etc/<program>/<file>: each such folder is a volume',
  });
}

export function fileEmpty(path: string, container: string, file: string): MlterraError {
  return new MlterraError({
    code: 'docker-file-empty',
    message: `${path}: the file ${file} of the container "${container}" is empty, which Docker's provider refuses.`,
    remedy: 'put a line end into it, or leave it out',
  });
}

export function portsShared(path: string, name: string): MlterraError {
  return new MlterraError({
    code: 'docker-port-name-shared',
    message: `${path}: two containers of the workload have a port named "${name}".`,
    expected: 'names of ports that are unique in the workload: they are published by them',
  });
}

export function imageBuiltLate(path: string, name: string, user: string): MlterraError {
  return new MlterraError({
    code: 'docker-image-built-late',
    message: `${path}: the image ${name} is built here, but ${user} already uses it.`,
    remedy: 'call buildImage before the workloads that run the image',
  });
}

export function engineUnreachable(host: string, reason: string, remedy: string): MlterraError {
  return new MlterraError({
    code: 'docker-unreachable',
    message: `No Docker engine answers at ${host}: ${reason}.`,
    remedy,
  });
}

export function engineMisaddressed(host: string): MlterraError {
  return new MlterraError({
    code: 'docker-host-no-address',
    message: `"${host}" is not the address of a Docker engine.`,
    expected: 'unix:///path/to/docker.sock, tcp://host:port or ssh://user@host',
    remedy:
      'correct DOCKER_HOST, or `host` of the DockerEngine; "docker context inspect" says where yours is',
  });
}

export function provisionMissing(): MlterraError {
  return new MlterraError({
    code: 'docker-provision-missing',
    message: 'Nothing was said about the container that was made.',
    expected: 'the program is started by `terraform apply` on a stack with a DockerEngine',
  });
}

export function unhealthy(name: string, seen: string, log: string): MlterraError {
  return new MlterraError({
    code: 'docker-unhealthy',
    message: `The container ${name} did not become healthy: ${seen}.${logPart(log)}`,
    remedy: `look into it with "docker logs ${name}", mend it and apply again`,
  });
}

export function taskFailed(name: string, seen: string, log: string): MlterraError {
  return new MlterraError({
    code: 'docker-task-failed',
    message: `The task ${name} ${seen}.${logPart(log)}`,
    remedy: 'mend what it says and apply again: the task is run anew',
  });
}

export function imageUnpullable(image: string, reason: string): MlterraError {
  return new MlterraError({
    code: 'docker-image-unpullable',
    message: `The image ${image} cannot be pulled: ${reason}.`,
    remedy:
      'check the name and the registry (docker login); MLTERRA_IMAGE_MIRROR names a registry with copies to pull from instead',
  });
}

export function portInUse(port: number, container: string, holder: string): MlterraError {
  return new MlterraError({
    code: 'docker-port-in-use',
    message: `Port ${port} of 127.0.0.1, on which ${container} is to be published, is in use by ${holder}.`,
    remedy: 'stop that, or publish the workload on another port',
  });
}

export function nameForeign(what: string, name: string, owner: string): MlterraError {
  return new MlterraError({
    code: 'docker-name-foreign',
    message: `The ${what} ${name} is there already, and belongs to ${owner}.`,
    remedy: `rename the environment, or remove it: docker ${what} rm ${name}`,
  });
}

function logPart(log: string): string {
  return log === '' ? ' It has written nothing.' : ` The end of its log:\n${log.replace(/^/gm, '    ')}`;
}

export function outputUnknown(path: string, output: string): MlterraError {
  return new MlterraError({
    code: 'docker-compose-output',
    message: `${path}: the output ${output} is made by Terraform, and a project of Compose has to do without.`,
    expected: 'workloads that use nothing but what runs on the same engine',
  });
}

export function secretForeign(path: string): MlterraError {
  return new MlterraError({
    code: 'docker-compose-secret',
    message: `${path}: a workload uses a secret that this engine did not generate, which a project of Compose cannot have.`,
    expected: 'secrets of generateSecret of the engine that runs the workload',
  });
}
