import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { registriesForeign } from './errors';

/** Where k3s reads how it reaches registries, when it starts. */
const FILE = '/etc/rancher/k3s/registries.yaml';

/** Tells k3s of a registry of this machine that has no TLS. A file of somebody else is left as it is. */
export function writeRegistries(port: number, file = FILE): void {
  const name = `localhost:${port}`;
  const content = `${JSON.stringify({ mirrors: { [name]: { endpoint: [`http://${name}`] } } })}\n`;
  if (existsSync(file)) {
    if (readFileSync(file, 'utf8') === content) return;
    throw registriesForeign(file);
  }
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}
