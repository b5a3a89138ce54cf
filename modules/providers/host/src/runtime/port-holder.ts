import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** State of a listening socket in the kernel's table. */
const LISTEN = '0A';

/** Who listens on a port, as far as this account may see: `quickstart/dev/mlflow/server` or `nginx (process 42)`. */
export function portHolder(port: number): string | undefined {
  const pid = existsSync('/proc/net/tcp') ? holderFromProc(port) : holderFromLsof(port);
  if (pid === undefined) return undefined;
  const environment = read(`/proc/${pid}/environ`).split('\0');
  const process = environment.find((entry) => entry.startsWith('MLTERRA_PROCESS='))?.split('=')[1];
  if (process) return `the process ${process} (process ${pid})`;
  const name = read(`/proc/${pid}/comm`).trim();
  return name === '' ? `process ${pid}` : `${name} (process ${pid})`;
}

function holderFromProc(port: number): number | undefined {
  const hexPort = port.toString(16).toUpperCase().padStart(4, '0');
  const inodes = new Set<string>();
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
    for (const line of read(table).split('\n')) {
      const [, local, , state, , , , , , inode] = line.trim().split(/\s+/);
      if (state === LISTEN && local?.endsWith(`:${hexPort}`) && inode) inodes.add(`socket:[${inode}]`);
    }
  }
  if (inodes.size === 0) return undefined;
  for (const pid of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    try {
      for (const descriptor of readdirSync(`/proc/${pid}/fd`)) {
        if (inodes.has(readlinkSync(`/proc/${pid}/fd/${descriptor}`))) return Number(pid);
      }
    } catch {
      // Ended meanwhile, or of another account.
    }
  }
  return undefined;
}

function holderFromLsof(port: number): number | undefined {
  try {
    const output = execFileSync('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fp'], {
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: 20_000,
    });
    return Number(/^p(\d+)/m.exec(output.toString())?.[1]) || undefined;
  } catch {
    return undefined;
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
