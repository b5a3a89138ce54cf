import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { AuthConfig } from 'dockerode';

/** What `docker login` leaves, as far as it is read here. */
interface DockerConfig {
  readonly auths?: Readonly<Record<string, { readonly auth?: string }>>;
  readonly credsStore?: string;
  readonly credHelpers?: Readonly<Record<string, string>>;
}

const DOCKER_HUB = 'https://index.docker.io/v1/';

/** The credentials that `docker login` has kept for the registry of an image; undefined where it has none. */
export function registryLogin(image: string): AuthConfig | undefined {
  const config = dockerConfig();
  const server = serverOf(image);
  const helper = config?.credHelpers?.[server] ?? config?.credsStore;
  return (helper === undefined ? undefined : askHelper(helper, server)) ?? kept(config, server);
}

function serverOf(image: string): string {
  const registry = /^([^/]*[.:][^/]*|localhost)\//.exec(image)?.[1] ?? 'docker.io';
  return registry === 'docker.io' ? DOCKER_HUB : registry;
}

function dockerConfig(): DockerConfig | undefined {
  try {
    const folder = process.env.DOCKER_CONFIG ?? join(homedir(), '.docker');
    return JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8')) as DockerConfig;
  } catch {
    return undefined;
  }
}

function kept(config: DockerConfig | undefined, server: string): AuthConfig | undefined {
  const auth = config?.auths?.[server]?.auth ?? config?.auths?.[`https://${server}`]?.auth;
  if (!auth) return undefined;
  const login = Buffer.from(auth, 'base64').toString();
  const colon = login.indexOf(':');
  return loginOf(server, login.slice(0, colon), login.slice(colon + 1));
}

/** Docker's own programs for the key chain of a system. */
function askHelper(helper: string, server: string): AuthConfig | undefined {
  const { status, stdout } = spawnSync(`docker-credential-${helper}`, ['get'], {
    input: server,
    encoding: 'utf8',
    timeout: 30_000,
  });
  if (status !== 0) return undefined;
  const { Username, Secret } = JSON.parse(stdout) as { readonly Username: string; readonly Secret: string };
  return loginOf(server, Username, Secret);
}

function loginOf(serveraddress: string, username: string, password: string): AuthConfig {
  return { username, password, serveraddress };
}
