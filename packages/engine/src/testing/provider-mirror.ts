import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Terraform installs a provider without starting it: any file will do for locks and inits. */
export function mirrorWith(root: string, version: string, content: string, name = 'fake'): string {
  for (const platform of ['linux_amd64', 'linux_arm64', 'darwin_amd64', 'darwin_arm64']) {
    const folder = path.join(root, 'registry.terraform.io', 'example', name, version, platform);
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, `terraform-provider-${name}_v${version}`), content, { mode: 0o755 });
  }
  return root;
}
