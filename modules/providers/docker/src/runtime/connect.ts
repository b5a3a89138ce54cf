import Docker from 'dockerode';
import { engineMisaddressed, engineUnreachable } from '../errors';
import { contextHost } from './docker-context';

/** What may begin the address of an engine. */
const SCHEMES = ['unix://', 'npipe://', 'tcp://', 'ssh://', 'http://', 'https://'];

export const DEFAULT_HOST = 'unix:///var/run/docker.sock';

/** Where the engine is, for messages. */
export function hostOf(host: string | undefined): string {
  return host ?? ofContext() ?? (process.env.DOCKER_HOST || DEFAULT_HOST);
}

/** Terraform's provider prefers a context that is named by a variable. */
function ofContext(): string | undefined {
  const context = process.env.DOCKER_CONTEXT;
  return context ? contextHost(context) : undefined;
}

/** A client of the engine's API; it reads `DOCKER_HOST`, `DOCKER_TLS_VERIFY` and `DOCKER_CERT_PATH` like Docker's own. */
export function connect(host = ofContext()): Docker {
  const before = process.env.DOCKER_HOST;
  // The client takes an address apart only where it finds it in the environment.
  if (host !== undefined) process.env.DOCKER_HOST = host;
  try {
    return new Docker();
  } finally {
    if (before === undefined) delete process.env.DOCKER_HOST;
    else process.env.DOCKER_HOST = before;
  }
}

/** A client of an engine that answers; says what is wrong where none does. */
export async function connectTo(host?: string): Promise<Docker> {
  const address = hostOf(host);
  if (!SCHEMES.some((scheme) => address.startsWith(scheme))) throw engineMisaddressed(address);
  try {
    const docker = connect(host);
    await docker.ping();
    return docker;
  } catch (error) {
    const { reason, remedy } = explain(error, address);
    throw engineUnreachable(address, reason, remedy);
  }
}

function explain(error: unknown, host: string): { readonly reason: string; readonly remedy: string } {
  const { code, message } = error as { readonly code?: string; readonly message: string };
  const isLocal = host.startsWith('unix:') || host.startsWith('npipe:');
  switch (code) {
    case 'ENOENT':
      return {
        reason: 'there is no such socket',
        remedy:
          'install Docker and start it (systemctl start docker, or Docker Desktop), or name another engine in DOCKER_HOST; "docker context inspect" says where yours is',
      };
    case 'EACCES':
    case 'EPERM':
      return {
        reason: 'this user may not use it (permission denied)',
        remedy:
          'become a member of the group docker (sudo usermod -aG docker $USER, then log in again), or use a rootless engine',
      };
    case 'ECONNREFUSED':
      return {
        reason: 'the connection is refused',
        remedy: isLocal
          ? 'start it: systemctl start docker, or Docker Desktop'
          : 'check the address and the port in DOCKER_HOST, and that the engine listens there',
      };
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return { reason: 'there is no such host', remedy: 'check the address in DOCKER_HOST' };
    default:
      return {
        reason: message,
        remedy: host.startsWith('ssh:')
          ? 'check that "ssh" reaches the machine without a password, by a key in an agent (SSH_AUTH_SOCK)'
          : 'check DOCKER_HOST, DOCKER_TLS_VERIFY and DOCKER_CERT_PATH',
      };
  }
}

/** Whether the engine says that there is no such thing. */
export function isMissing(error: unknown): boolean {
  return (error as { readonly statusCode?: number }).statusCode === 404;
}

/** What an asynchronous call gives; undefined where there is no such thing. */
export async function orMissing<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** What the engine answered. */
export function answerOf(error: unknown): string {
  const { reason, json, message } = error as {
    readonly reason?: string;
    readonly json?: { readonly message?: string };
    readonly message: string;
  };
  return (json?.message ?? reason ?? message).trim().replace(/\.$/, '');
}
