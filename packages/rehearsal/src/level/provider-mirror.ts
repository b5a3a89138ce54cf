import { accessSync, constants, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { providerType } from '../schema/binding';
import { binaryNotMirrored } from './errors';

/** The binary of a real provider on this machine. */
export interface MirroredProvider {
  readonly source: string;
  readonly version: string;
  readonly path: string;
}

/**
 * Folder with provider binaries, laid out as Terraform's `filesystem_mirror`: MLTERRA_PROVIDER_MIRROR, else the one
 * Terraform itself looks into.
 */
export function mirrorFolder(): string {
  return process.env['MLTERRA_PROVIDER_MIRROR'] || join(homedir(), '.terraform.d', 'plugins');
}

/** The newest binary of a provider for this machine. */
export function findProviderBinary(source: string, folder = mirrorFolder()): MirroredProvider | undefined {
  const versions = entries(join(folder, source)).sort(byVersion).reverse();
  for (const version of versions) {
    const dir = join(folder, source, version, platform());
    const name = entries(dir).find((each) => each.startsWith(`terraform-provider-${providerType(source)}`));
    if (name !== undefined && isExecutable(join(dir, name)))
      return { source, version, path: join(dir, name) };
  }
  return undefined;
}

/** The same, where it was asked for by name. */
export function requireProviderBinary(source: string, folder = mirrorFolder()): MirroredProvider {
  const found = findProviderBinary(source, folder);
  if (found === undefined) throw binaryNotMirrored(source, folder);
  return found;
}

function entries(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** `1.10.0` after `1.9.0`, and a pre-release before its release. */
function byVersion(one: string, other: string): number {
  return one.replace(/$/, '~').localeCompare(other.replace(/$/, '~'), 'en', { numeric: true });
}

/** As Terraform names it, e.g. `linux_amd64`. */
function platform(): string {
  const processor = process.arch === 'x64' ? 'amd64' : process.arch === 'ia32' ? '386' : process.arch;
  return `${process.platform === 'win32' ? 'windows' : process.platform}_${processor}`;
}
