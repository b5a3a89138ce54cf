import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Target } from '@mlterra/core';
import { withoutUserInfo } from '@mlterra/core/address';

const DEFAULT_HOST = 'unix:///var/run/docker.sock';

/** Variables by which the commands of other container engines find them. */
const OTHERS: Readonly<Record<string, readonly string[]>> = {
  podman: ['CONTAINER_HOST', 'CONTAINER_CONNECTION'],
};

/** Where the container engine is in which a tool makes the nodes of clusters, as the engine's own command finds it. */
export function containerEngineTarget(engine: string, variables: NodeJS.ProcessEnv = process.env): Target {
  if (engine === 'docker') return dockerTarget(variables);
  const variable = (OTHERS[engine] ?? []).find((name) => variables[name]);
  if (variable === undefined) return { value: engine, from: `${engine} without variables of its own` };
  const value = withoutUserInfo(variables[variable]!);
  return { value: `${engine} at ${value}`, from: `${variable}=${value}` };
}

/** `docker` prefers `DOCKER_HOST` to a context. */
function dockerTarget(variables: NodeJS.ProcessEnv): Target {
  const { DOCKER_HOST: host, DOCKER_CONTEXT: context } = variables;
  if (host) {
    const value = withoutUserInfo(host);
    return { value: `docker at ${value}`, from: `DOCKER_HOST=${value}` };
  }
  if (context) return contextTarget(context, `DOCKER_CONTEXT=${context}`);
  const current = currentContext(variables);
  if (current !== undefined) return contextTarget(current, `the current Docker context "${current}"`);
  return { value: `docker at ${DEFAULT_HOST}`, from: 'DOCKER_HOST, which is not set,' };
}

function contextTarget(context: string, from: string): Target {
  return { value: context === 'default' ? `docker at ${DEFAULT_HOST}` : `docker context "${context}"`, from };
}

function currentContext(variables: NodeJS.ProcessEnv): string | undefined {
  const folder = variables.DOCKER_CONFIG || join(variables.HOME || homedir(), '.docker');
  try {
    const { currentContext: name } = JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8')) as {
      readonly currentContext?: string;
    };
    return name || undefined;
  } catch {
    return undefined;
  }
}
