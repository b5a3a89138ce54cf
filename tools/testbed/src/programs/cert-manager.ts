import { join } from 'node:path';
import { buildCache, buildOnce } from '../go-build';
import { moduleKey } from '../module-key';

/** As `cert-manager/go.mod` pins it. */
export const CERT_MANAGER_VERSION = 'v1.21.1';

/** The components of which there are images. */
export const CERT_MANAGER_COMPONENTS = [
  'controller',
  'cainjector',
  'webhook',
  'startupapicheck',
  'acmesolver',
] as const;

const MODULE = join(__dirname, '..', '..', 'cert-manager');

/** Names what the program is built of. */
export function certManagerKey(): string {
  return moduleKey(MODULE);
}

/** Path of the program that is every component, built on first use: four minutes on two cores. */
export async function certManagerProgram(): Promise<string> {
  const path = join(buildCache(), `cert-manager-${certManagerKey()}`, 'cert-manager');
  const ldflags = `-X github.com/cert-manager/cert-manager/pkg/util.AppVersion=${CERT_MANAGER_VERSION}`;
  await buildOnce({ name: 'cert-manager', module: MODULE, package: '.', ldflags }, path);
  return path;
}
