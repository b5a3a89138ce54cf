import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cannotRunDocker } from '../errors';
import { freePort } from '../port';
import { startServerProcess } from '../server-process';
import { registryFolder } from './folders';
import { findProgram } from './prerequisites';

export interface RegistryServer {
  /** `127.0.0.1:<port>`, plain HTTP. */
  readonly address: string;
  stop(): Promise<void>;
}

/**
 * Starts a registry without an engine: it answers for the images that an engine has put there, under their public
 * names with and without the host, and takes none. Several may run at once.
 */
export async function startRegistry(): Promise<RegistryServer> {
  const program = findProgram('docker-registry');
  if (program === undefined) {
    throw cannotRunDocker(
      'docker-registry is missing',
      'On Debian: apt-get install -y --no-install-recommends docker-registry',
    );
  }
  const address = `127.0.0.1:${await freePort()}`;
  const folder = mkdtempSync(join(tmpdir(), 'mlterra-registry-'));
  const config = join(folder, 'config.json');
  writeFileSync(config, registryConfig(address, { readOnly: true }));
  const server = await startServerProcess({
    name: 'docker-registry',
    command: program,
    args: ['serve', config],
    signal: 'SIGTERM',
    remove: [folder],
    isReady: () => registryAnswers(address),
  });
  return { address, stop: () => server.stop() };
}

/** Configuration in JSON, which is YAML. */
export function registryConfig(address: string, { readOnly }: { readonly readOnly: boolean }): string {
  return JSON.stringify({
    version: '0.1',
    log: { level: 'warn', accesslog: { disabled: true } },
    storage: {
      filesystem: { rootdirectory: registryFolder() },
      maintenance: { readonly: { enabled: readOnly }, uploadpurging: { enabled: false } },
    },
    http: { addr: address, secret: 'one process, so nothing is shared' },
  });
}

export async function registryAnswers(address: string): Promise<boolean> {
  try {
    return (await fetch(`http://${address}/v2/`)).ok;
  } catch {
    return false;
  }
}
