import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { Life } from './engine-processes';

/** Connections of the kernel's table that are open: `ESTABLISHED`. */
const ESTABLISHED = '01';

/** Whether the program at the other end of a session of the database lives, from the address the server sees. */
export function clientLife(address: string | null, port: number | null): Life {
  const ip = address?.replace(/\/\d+$/, '') ?? '';
  const unknown = (where: string): Life => ({
    process: 'unknown',
    evidence: `${where}; whether it lives cannot be told from here`,
  });
  if (isIP(ip) === 0 || port === null || port < 0)
    return unknown('the server does not say where it connects from');
  if (!ownAddresses().has(ip)) return unknown(`it connects from ${ip}`);
  const ports = openPorts();
  if (ports === undefined) return unknown('it connects from this machine');
  return ports.has(port)
    ? { process: 'alive', evidence: `its connection from port ${port} of this machine is open` }
    : { process: 'dead', evidence: `nothing on this machine has its connection from port ${port}` };
}

function ownAddresses(): ReadonlySet<string> {
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  return new Set(addresses.map(({ address }) => address));
}

/** Local ports of the open connections of this machine; undefined where the system does not tell. */
function openPorts(): ReadonlySet<number> | undefined {
  const ports = new Set<number>();
  let isKnown = false;
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
    let text: string;
    try {
      text = readFileSync(table, 'utf8');
    } catch {
      continue;
    }
    isKnown = true;
    for (const line of text.split('\n').slice(1)) {
      const [, local = '', , state] = line.trim().split(/\s+/);
      if (state === ESTABLISHED) ports.add(parseInt(local.slice(local.lastIndexOf(':') + 1), 16));
    }
  }
  return isKnown ? ports : undefined;
}
