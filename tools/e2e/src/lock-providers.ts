import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { buildProviders, type ProviderName } from '@mlterra/testbed';
import { succeeded, type TemporaryWorkspace } from './temporary-workspace';

/** Locks the providers that are built here, those missing included, in an environment of the test. */
export async function lockProviders(
  workspace: TemporaryWorkspace,
  ...names: readonly ProviderName[]
): Promise<void> {
  const mirror = mkdtempSync(join(tmpdir(), 'mlterra-providers-'));
  try {
    // They may lie in several folders, of which Terraform would lock one only.
    for (const { source, version, path } of await buildProviders(...names)) {
      const platform = basename(dirname(path));
      const folder = join(mirror, source, version, platform);
      mkdirSync(folder, { recursive: true });
      cpSync(path, join(folder, basename(path)));
    }
    const platform = `linux_${process.arch === 'x64' ? 'amd64' : process.arch}`;
    const name = basename(workspace.environment);
    succeeded(await workspace.run('providers', 'lock', name, '--mirror', mirror, '--platform', platform));
  } finally {
    rmSync(mirror, { recursive: true, force: true });
  }
}
