import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';

const ENGINES = new Set(['terraform', 'tofu']);

/** Whether the process that a lock of Terraform names lives, and how that is known. */
export interface Life {
  readonly process: 'alive' | 'dead' | 'unknown';
  readonly evidence: string;
}

/**
 * Looks on this machine for the engine process that a lock names by `user@host`.
 * @param matches whether the configuration of a backend is the one of the locked state
 */
export function lifeOf(
  who: string | undefined,
  matches: (backend: Readonly<Record<string, unknown>>) => boolean,
): Life {
  const host = who?.slice(who.lastIndexOf('@') + 1);
  if (host === undefined || host !== hostname()) {
    const where = host === undefined ? 'it does not say where it runs' : `it runs, or ran, on ${host}`;
    return { process: 'unknown', evidence: `${where}; whether it lives cannot be told from here` };
  }
  const engines = enginePids();
  if (engines === undefined) {
    return { process: 'unknown', evidence: 'whether it lives cannot be told on this system' };
  }
  const backends = engines.map((pid) => ({ pid, backend: backendOf(pid) }));
  const own = backends.find(({ backend }) => backend !== undefined && matches(backend));
  if (own !== undefined)
    return { process: 'alive', evidence: `process ${own.pid} on this machine works on the state` };
  const unclear = backends.filter(({ backend }) => backend === undefined).map(({ pid }) => pid);
  if (unclear.length > 0) {
    return { process: 'unknown', evidence: `it may be process ${unclear.join(' or ')} on this machine` };
  }
  return { process: 'dead', evidence: 'no process on this machine works on the state' };
}

/** Undefined where the system does not tell. */
function enginePids(): readonly number[] | undefined {
  let names: readonly string[];
  try {
    names = readdirSync('/proc');
  } catch {
    return undefined;
  }
  const pids = names.filter((name) => /^\d+$/.test(name)).map(Number);
  return pids.length === 0 ? undefined : pids.filter((pid) => ENGINES.has(commandOf(pid)));
}

function commandOf(pid: number): string {
  try {
    const [program = ''] = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    return path.basename(program);
  } catch {
    return '';
  }
}

/** The backend that the engine was initialised with in the folder it runs in; undefined where that cannot be read. */
function backendOf(pid: number): Readonly<Record<string, unknown>> | undefined {
  try {
    const file = path.join(readlinkSync(`/proc/${pid}/cwd`), '.terraform', 'terraform.tfstate');
    const { backend } = JSON.parse(readFileSync(file, 'utf8')) as {
      backend?: { config?: Record<string, unknown> };
    };
    return backend?.config;
  } catch {
    return undefined;
  }
}
