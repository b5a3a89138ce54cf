import { accessSync, constants, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { cannotRunDocker } from '../errors';
import { areImagesMade } from './images';

/** Programs of the engine with the Debian package that holds them. */
const PROGRAMS = {
  dockerd: 'docker.io',
  containerd: 'containerd',
  runc: 'runc',
  'docker-registry': 'docker-registry',
  iptables: 'iptables',
  ip: 'iproute2',
  debootstrap: 'debootstrap',
} as const;

/** What is needed before the engine can start, as one call of apt-get; `.ci/run` makes it. */
export const DOCKER_PACKAGES = [...new Set(Object.values(PROGRAMS)), 'debian-archive-keyring'] as const;

/** Number of CAP_SYS_RESOURCE among the capabilities of Linux. */
const SYS_RESOURCE = 24n;

/** Path of a program of the system; root's folders are searched even where they are not on the PATH. */
export function findProgram(name: string): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/usr/bin', '/sbin', '/bin'];
  return folders
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, name))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

/** Why the engine cannot be started here; undefined when it can. */
export function whyNoDocker(): Error | undefined {
  if (process.platform !== 'linux') return cannotRunDocker(`this is ${process.platform}`, 'Use Linux.');
  if (process.getuid?.() !== 0) return cannotRunDocker('this is not root', 'Run it as root.');
  const missing = Object.entries(PROGRAMS).filter(([name]) => findProgram(name) === undefined);
  if (missing.length === 0) return undefined;
  const packages = [...new Set(missing.map(([, name]) => name))];
  return cannotRunDocker(
    `${missing.map(([name]) => name).join(', ')} ${missing.length === 1 ? 'is' : 'are'} missing`,
    `On Debian: apt-get install -y --no-install-recommends ${packages.join(' ')}`,
  );
}

/** Whether a test may start the engine: it can run here, and the images were made before (`npm run testbed`). */
export function canRunDocker(): boolean {
  return whyNoDocker() === undefined && areImagesMade();
}

/** Whether root lacks CAP_SYS_RESOURCE here, without which stock runc refuses privileged containers. */
export function lacksResourceCapability(): boolean {
  const bounds = /^CapBnd:\s*([0-9a-f]+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '0';
  return ((BigInt(`0x${bounds}`) >> SYS_RESOURCE) & 1n) === 0n;
}
