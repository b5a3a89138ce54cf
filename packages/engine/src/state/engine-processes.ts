import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import { isModuleFile } from '../inputs/module-facts';

const ENGINES = new Set(['terraform', 'tofu']);

/** Commands of the engine that lock no state. `init` locks one only while it moves it: see {@link mayHold}. */
const LOCKLESS = new Set(
  'fmt get graph login logout metadata modules output providers show test validate version'.split(' '),
);

/** Whether the process that a lock of Terraform names lives, and how that is known. */
export interface Life {
  readonly process: 'alive' | 'dead' | 'unknown';
  readonly evidence: string;
}

/** What the engine writes with a lock; see `lockField`. */
export interface LockOwner {
  /** `user@host`. */
  readonly who: string | undefined;
  /** E.g. `OperationTypeApply`, or `migration source state` where `init` moves a state. */
  readonly operation: string | undefined;
}

/**
 * Looks on this machine for the engine process that a lock names.
 * @param matches whether the configuration of a backend is the one of the locked state
 */
export function lifeOf(
  { who, operation }: LockOwner,
  matches: (backend: Readonly<Record<string, unknown>>) => boolean,
): Life {
  const host = who?.slice(who.lastIndexOf('@') + 1);
  if (host === undefined || host !== hostname()) {
    const where = host === undefined ? 'it does not say where it runs' : `it runs, or ran, on ${host}`;
    return { process: 'unknown', evidence: `${where}; whether it lives cannot be told from here` };
  }
  const engines = enginePids(operation);
  if (engines === undefined) {
    return { process: 'unknown', evidence: 'whether it lives cannot be told on this system' };
  }
  const backends = engines.map((pid) => ({ pid, backend: backendOf(pid) }));
  const own = backends.find(({ backend }) => backend !== undefined && matches(backend));
  if (own !== undefined)
    return { process: 'alive', evidence: `process ${own.pid} on this machine works on the state` };
  const unclear = backends
    .filter(({ pid, backend }) => backend === undefined && isThere(pid))
    .map(({ pid }) => pid);
  if (unclear.length > 0) {
    return { process: 'unknown', evidence: `it may be process ${unclear.join(' or ')} on this machine` };
  }
  return { process: 'dead', evidence: 'no process on this machine works on the state' };
}

/** Engines at work that may hold a lock of the operation. Undefined where the system does not tell. */
function enginePids(operation: string | undefined): readonly number[] | undefined {
  let names: readonly string[];
  try {
    names = readdirSync('/proc');
  } catch {
    return undefined;
  }
  const pids = names.filter((name) => /^\d+$/.test(name)).map(Number);
  return pids.length === 0 ? undefined : pids.filter((pid) => mayHold(argumentsOf(pid), operation));
}

/** Source: `internal/command/meta_backend_migrate.go` of Terraform 1.11, which names the lock of `init`. */
function mayHold([program = '', ...args]: readonly string[], operation: string | undefined): boolean {
  if (!ENGINES.has(path.basename(program))) return false;
  const command = args.find((arg) => !arg.startsWith('-')) ?? 'version';
  if (command === 'init') return operation === undefined || operation.startsWith('migration ');
  return !LOCKLESS.has(command);
}

function argumentsOf(pid: number): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').slice(0, -1);
  } catch {
    return [];
  }
}

/** Whether it still runs; what ended since the list was made holds nothing. */
function isThere(pid: number): boolean {
  return argumentsOf(pid).length > 0;
}

/** The backend that the engine uses in the folder it runs in: empty for the default one, undefined where that cannot be read. */
function backendOf(pid: number): Readonly<Record<string, unknown>> | undefined {
  try {
    const folder = readlinkSync(`/proc/${pid}/cwd`);
    const file = path.join(dataDirOf(pid, folder), 'terraform.tfstate');
    if (!existsSync(file)) return namesBackend(folder) ? undefined : {};
    const { backend } = JSON.parse(readFileSync(file, 'utf8')) as {
      backend?: { config?: Record<string, unknown> };
    };
    return backend?.config;
  } catch {
    return undefined;
  }
}

/** Whether a configuration names a backend: what it was initialised with may have been deleted since the engine started. */
function namesBackend(folder: string): boolean {
  return readdirSync(folder)
    .filter(isModuleFile)
    .some((name) => /\b(backend|cloud)\b/.test(readFileSync(path.join(folder, name), 'utf8')));
}

/** The folder where the engine keeps which backend it uses. */
function dataDirOf(pid: number, folder: string): string {
  const environment = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
  const given = environment.find((entry) => entry.startsWith('TF_DATA_DIR='))?.slice('TF_DATA_DIR='.length);
  return path.resolve(folder, given || '.terraform');
}
