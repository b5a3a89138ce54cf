import type { Targets } from '@mlterra/core';
import { withoutUserInfo } from '@mlterra/core/address';
import { contextOverrides } from '../errors';
import { contextHost } from './docker-context';
import { DEFAULT_HOST } from './connect';

const IN_SOURCE = 'new DockerEngine(…, { host })';

/**
 * Where the variables of the caller lead a stack on a Docker daemon.
 * @param host that the source names
 * @throws MlterraError where `DOCKER_CONTEXT` would lead Terraform's provider past that one
 */
export function daemonTargets(host: string | undefined, variables: NodeJS.ProcessEnv = process.env): Targets {
  const { DOCKER_HOST: named, DOCKER_CONTEXT: context } = variables;
  if (host !== undefined) {
    if (context) throw contextOverrides(context, host);
    return {};
  }
  if (context) return target(contextHost(context), `DOCKER_CONTEXT=${context}`);
  if (named) return target(named, `DOCKER_HOST=${withoutUserInfo(named)}`);
  return target(DEFAULT_HOST, 'DOCKER_HOST, which is not set,');
}

function target(host: string | undefined, from: string): Targets {
  if (host === undefined) return { 'Docker daemon': { value: undefined, from, inSource: IN_SOURCE } };
  const value = withoutUserInfo(host);
  return { 'Docker daemon': { value, identity: identityOf(value), from, inSource: IN_SOURCE } };
}

/** The same for addresses that lead to the same daemon: `/var/run` is `/run`, and TLS is how it is spoken to. */
function identityOf(host: string): string {
  return host
    .replace(/^unix:\/\/\/var\/run\//, 'unix:///run/')
    .replace(/^https?:\/\//, 'tcp://')
    .replace(/(?<=^tcp:\/\/[^/]+)\/+$/, '');
}
