import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { engineNumber, numbered } from './folders';

const run = promisify(execFile);

/** Addresses of all networks of the engine, and those of its first bridge. */
export function addresses(): { readonly pool: string; readonly bridgePool: string; readonly prefix: string } {
  const prefix = `10.${213 + engineNumber()}.`;
  return { prefix, pool: `${prefix}0.0/16`, bridgePool: `${prefix}0.0/24` };
}

export function bridgeName(): string {
  return `mlterra${engineNumber()}`;
}

function chainName(): string {
  return numbered('MLTERRA-DOCKER');
}

/**
 * The engine gets a bridge and a chain of its own, and writes no rule itself: a second engine that did would
 * remove the rules of one that runs already. Published ports work by docker-proxy. Not enforced is what only
 * rules can do: networks of one engine are not shut off from each other.
 */
export async function makeNetwork(): Promise<void> {
  await removeNetwork();
  const chain = chainName();
  const bridge = bridgeName();
  const { pool, prefix } = addresses();
  await run('ip', ['link', 'add', bridge, 'type', 'bridge']);
  await run('ip', ['addr', 'add', `${prefix}0.1/24`, 'dev', bridge]);
  await run('ip', ['link', 'set', bridge, 'up']);
  await rule('-N', chain);
  await rule('-A', chain, '-s', pool, '-j', 'ACCEPT');
  await rule('-A', chain, '-d', pool, '-j', 'ACCEPT');
  await rule('-I', 'FORWARD', '-j', chain);
  await rule('-t', 'nat', '-N', chain);
  await rule('-t', 'nat', '-A', chain, '-s', pool, '!', '-d', pool, '-j', 'MASQUERADE');
  await rule('-t', 'nat', '-A', 'POSTROUTING', '-j', chain);
}

/** Removes the bridge, bridges of networks that a killed engine left, and the chain. */
export async function removeNetwork(): Promise<void> {
  const chain = chainName();
  for (const bridge of await bridges()) await quietly('ip', 'link', 'delete', bridge);
  await quietly('iptables', '-w', '-D', 'FORWARD', '-j', chain);
  await quietly('iptables', '-w', '-t', 'nat', '-D', 'POSTROUTING', '-j', chain);
  for (const table of ['filter', 'nat'])
    for (const action of ['-F', '-X']) await quietly('iptables', '-w', '-t', table, action, chain);
}

/** Bridges with an address of the engine. */
export async function bridges(): Promise<readonly string[]> {
  const { stdout } = await run('ip', ['-o', '-4', 'addr', 'show']);
  return stdout
    .split('\n')
    .map((line) => /^\d+:\s+(\S+)\s+inet (\S+)/.exec(line))
    .filter((found) => found?.[2]?.startsWith(addresses().prefix))
    .map((found) => found?.[1] ?? '')
    .filter((name) => name === bridgeName() || name.startsWith('br-'));
}

async function rule(...args: readonly string[]): Promise<void> {
  await run('iptables', ['-w', ...args]);
}

/** What is absent already need not be removed. */
async function quietly(command: string, ...args: readonly string[]): Promise<void> {
  await run(command, args).catch(() => undefined);
}
