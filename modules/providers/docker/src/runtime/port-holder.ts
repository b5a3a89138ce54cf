import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

const LISTENING = '0A';

/** The process of this machine that listens on a port, where it can be known: on Linux, of the same user. */
export function portHolder(port: number): string | undefined {
  try {
    const inodes = new Set(['tcp', 'tcp6'].flatMap((table) => listeners(table, port)));
    for (const pid of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
      if (holdsAny(pid, inodes)) {
        return `the process ${readFileSync(`/proc/${pid}/comm`, 'utf8').trim()} (${pid})`;
      }
    }
  } catch {
    // Not Linux.
  }
  return undefined;
}

/** Inodes of the sockets that listen on a port. */
function listeners(table: string, port: number): readonly string[] {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return readFileSync(`/proc/net/${table}`, 'utf8')
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, local, , state]) => local?.endsWith(suffix) === true && state === LISTENING)
    .map((fields) => fields[9]!);
}

function holdsAny(pid: string, inodes: ReadonlySet<string>): boolean {
  try {
    return readdirSync(`/proc/${pid}/fd`).some((fd) =>
      inodes.has(/^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1] ?? ''),
    );
  } catch {
    // Gone, or of another user.
    return false;
  }
}
