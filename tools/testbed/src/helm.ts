import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { buildCache, buildOnce } from './go-build';

/** Pinned in `helm/go.mod`. */
const VERSION = '3.22.0';

/** Path of the Helm binary, built or not; `MLTERRA_TESTBED_HELM` names another one. */
export function helmPath(): string {
  return process.env['MLTERRA_TESTBED_HELM'] || join(buildCache(), `helm-${VERSION}`, 'helm');
}

export function isHelmBuilt(): boolean {
  return existsSync(helmPath());
}

/** Path of a Helm binary; built on first use (two minutes on two cores) and kept outside of the checkout. */
export async function helmBinary(): Promise<string> {
  const module = join(__dirname, '..', 'helm');
  await buildOnce({ name: 'helm', module, package: 'helm.sh/helm/v3/cmd/helm' }, helmPath());
  return helmPath();
}
