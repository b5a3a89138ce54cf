import { createServer } from 'node:net';
import type { PrepareContext } from '@mlterra/core';
import type Docker from 'dockerode';
import { portInUse } from '../errors';
import type { HookData } from '../spec';
import { hostOf } from './connect';
import { containerName } from './found';
import { portHolder } from './port-holder';

const LOOPBACK = '127.0.0.1';

/** Throws where a port that is to be published is somebody else's. */
export async function checkPorts(docker: Docker, context: PrepareContext): Promise<void> {
  const { containers, host } = context.data as HookData;
  const known = new Set(context.resources.map(({ id }) => id));
  const running = await docker.listContainers();
  const isLocal = /^(unix|npipe):/.test(hostOf(host));
  for (const { name, ports } of containers) {
    for (const port of ports) {
      const holder = running.find(({ Ports }) => Ports.some(({ PublicPort }) => PublicPort === port));
      // A container of this stack gives its port up before the one that takes its place is made.
      if (holder !== undefined && known.has(holder.Id)) continue;
      if (holder !== undefined) throw portInUse(port, name, `the container ${containerName(holder)}`);
      if (isLocal && (await isTaken(port))) {
        throw portInUse(port, name, portHolder(port) ?? 'another program');
      }
    }
  }
}

/** Whether a program of this machine listens on a port. */
function isTaken(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code === 'EADDRINUSE'));
    server.listen({ host: LOOPBACK, port, exclusive: true }, () => server.close(() => resolve(false)));
  });
}
