import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { endianness } from 'node:os';

/** State of a listening socket in the kernel's table. */
const LISTEN = '0A';

/** A socket that takes connections to a port of 127.0.0.1. */
export interface Listener {
  /** The processes that have it; empty where they belong to another account. */
  readonly pids: readonly number[];
}

type Scope = 'loopback' | 'wildcard' | 'wildcard-6';

/**
 * Who takes connections to a port of 127.0.0.1. Two sockets may share a port by SO_REUSEPORT.
 * @returns undefined where it cannot be found out: there is neither /proc nor lsof
 */
export function listenersOn(port: number): readonly Listener[] | undefined {
  const found = existsSync('/proc/net/tcp') ? fromProc(port) : fromLsof(port);
  if (found === undefined) return undefined;
  const hasLoopback = found.some(({ scope }) => scope === 'loopback');
  // Beside a socket at the very address, one at `::` gets nothing; it may be for IPv6 alone.
  return found.filter(({ scope }) => scope !== 'wildcard-6' || !hasLoopback);
}

function fromProc(port: number): (Listener & { readonly scope: Scope })[] {
  const hexPort = port.toString(16).toUpperCase().padStart(4, '0');
  const scopes = new Map<string, Scope>();
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
    for (const line of read(table).split('\n')) {
      const [, local = '', , state, , , , , , inode = ''] = line.trim().split(/\s+/);
      const [address = '', localPort] = local.split(':');
      const scope = scopeOfHex(address);
      if (state === LISTEN && localPort === hexPort && scope !== undefined) scopes.set(inode, scope);
    }
  }
  if (scopes.size === 0) return [];
  const holders = holdersOf(new Set(scopes.keys()));
  return [...scopes].map(([inode, scope]) => ({ scope, pids: holders.get(inode) ?? [] }));
}

/** The kernel prints addresses as 32-bit numbers of the machine's byte order. */
function scopeOfHex(address: string): Scope | undefined {
  const words = (address.match(/.{8}/g) ?? []).map((word) =>
    endianness() === 'LE' ? word.match(/../g)!.reverse().join('') : word,
  );
  switch (words.join('')) {
    case '7F000001':
    case '00000000000000000000FFFF7F000001':
      return 'loopback';
    case '00000000':
      return 'wildcard';
    case '0'.repeat(32):
      return 'wildcard-6';
    default:
      return undefined;
  }
}

function holdersOf(inodes: ReadonlySet<string>): ReadonlyMap<string, readonly number[]> {
  const holders = new Map<string, number[]>();
  for (const pid of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    for (const inode of socketsOf(pid)) {
      if (inodes.has(inode)) holders.set(inode, [...(holders.get(inode) ?? []), Number(pid)]);
    }
  }
  return holders;
}

/** Sockets of a process, each once; none where it has ended, or belongs to another account. */
function socketsOf(pid: string): ReadonlySet<string> {
  const sockets = new Set<string>();
  try {
    for (const descriptor of readdirSync(`/proc/${pid}/fd`)) {
      const inode = /^socket:\[(\d+)\]$/.exec(linkOf(`/proc/${pid}/fd/${descriptor}`))?.[1];
      if (inode !== undefined) sockets.add(inode);
    }
  } catch {
    return sockets;
  }
  return sockets;
}

function fromLsof(port: number): (Listener & { readonly scope: Scope })[] | undefined {
  let output: string;
  try {
    const args = ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fptn'];
    output = execFileSync('lsof', args, { stdio: ['ignore', 'pipe', 'ignore'], timeout: 20_000 }).toString();
  } catch (error) {
    // It ends with 1 where it finds nothing.
    return (error as { status?: number }).status === 1 ? [] : undefined;
  }
  return parseLsof(output);
}

/** Reads `lsof -Fptn`: a line with the process, then one each with the type and the name of every socket. */
export function parseLsof(output: string): (Listener & { readonly scope: Scope })[] {
  const listeners: (Listener & { readonly scope: Scope })[] = [];
  let pid = 0;
  let type = '';
  for (const line of output.split('\n')) {
    if (line.startsWith('p')) pid = Number(line.slice(1));
    if (line.startsWith('t')) type = line.slice(1);
    const address = /^n(.*):\d+$/.exec(line)?.[1];
    if (address === '127.0.0.1' || address === '[::ffff:127.0.0.1]')
      listeners.push({ scope: 'loopback', pids: [pid] });
    if (address === '*') listeners.push({ scope: type === 'IPv6' ? 'wildcard-6' : 'wildcard', pids: [pid] });
  }
  return listeners;
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
