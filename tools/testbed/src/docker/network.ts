import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Addresses of all networks of the engine. */
export const POOL = '10.213.0.0/16';
export const BRIDGE = 'mlterra0';
export const BRIDGE_POOL = '10.213.0.0/24';
const BRIDGE_ADDRESS = '10.213.0.1/24';
const CHAIN = 'MLTERRA-DOCKER';

/**
 * The engine gets a bridge and a chain of its own, and writes no rule itself: a second engine that did would
 * remove the rules of one that runs already. Published ports work by docker-proxy. Not enforced is what only
 * rules can do: networks of one engine are not shut off from each other.
 */
export async function makeNetwork(): Promise<void> {
  await removeNetwork();
  await run('ip', ['link', 'add', BRIDGE, 'type', 'bridge']);
  await run('ip', ['addr', 'add', BRIDGE_ADDRESS, 'dev', BRIDGE]);
  await run('ip', ['link', 'set', BRIDGE, 'up']);
  await rule('-N', CHAIN);
  await rule('-A', CHAIN, '-s', POOL, '-j', 'ACCEPT');
  await rule('-A', CHAIN, '-d', POOL, '-j', 'ACCEPT');
  await rule('-I', 'FORWARD', '-j', CHAIN);
  await rule('-t', 'nat', '-N', CHAIN);
  await rule('-t', 'nat', '-A', CHAIN, '-s', POOL, '!', '-d', POOL, '-j', 'MASQUERADE');
  await rule('-t', 'nat', '-A', 'POSTROUTING', '-j', CHAIN);
}

/** Removes the bridge, bridges of networks that a killed engine left, and the chain. */
export async function removeNetwork(): Promise<void> {
  for (const bridge of await bridges()) await quietly('ip', 'link', 'delete', bridge);
  await quietly('iptables', '-w', '-D', 'FORWARD', '-j', CHAIN);
  await quietly('iptables', '-w', '-t', 'nat', '-D', 'POSTROUTING', '-j', CHAIN);
  for (const table of ['filter', 'nat'])
    for (const action of ['-F', '-X']) await quietly('iptables', '-w', '-t', table, action, CHAIN);
}

/** Bridges with an address of the engine. */
export async function bridges(): Promise<readonly string[]> {
  const { stdout } = await run('ip', ['-o', '-4', 'addr', 'show']);
  return stdout
    .split('\n')
    .map((line) => /^\d+:\s+(\S+)\s+inet 10\.213\./.exec(line)?.[1])
    .filter((name) => name !== undefined)
    .filter((name) => name === BRIDGE || name.startsWith('br-'));
}

async function rule(...args: readonly string[]): Promise<void> {
  await run('iptables', ['-w', ...args]);
}

/** What is absent already need not be removed. */
async function quietly(command: string, ...args: readonly string[]): Promise<void> {
  await run(command, args).catch(() => undefined);
}
