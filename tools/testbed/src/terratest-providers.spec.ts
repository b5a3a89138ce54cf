import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  destroy,
  init,
  initAndApplyAndIdempotent,
  isTerratestBuilt,
  output,
  type TerraformOptions,
} from '@mlterra/terratest-wrapper';
import { buildProviders, isBuilt, providerMirror } from './providers';
import { terraformCliConfig } from './terraform-cli-config';

const isReady = isBuilt('random') && isTerratestBuilt();
const withProviders = isReady || process.env['MLTERRA_TEST_FULL'] ? describe : describe.skip;

const MODULE = `
terraform {
  required_providers {
    random = { source = "hashicorp/random" }
  }
}
resource "random_string" "name" {
  length = 12
}
output "name" {
  value = random_string.name.result
}`;

/** Here, because the wrapper itself depends on nothing of the test bed. */
withProviders('real providers by Terratest', () => {
  const folders: string[] = [];

  beforeAll(() => buildProviders('random'), 600_000);
  afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true })));

  const folder = (): string => {
    const made = mkdtempSync(join(tmpdir(), 'mlterra-testbed-spec-'));
    folders.push(made);
    writeFileSync(join(made, 'main.tf'), MODULE);
    return made;
  };
  const applies = async (options: TerraformOptions): Promise<void> => {
    await initAndApplyAndIdempotent(options);
    expect(await output(options, 'name')).toMatch(/^.{12}$/);
    await destroy(options);
  };

  it('come from a folder of plugins', async () => {
    await applies({ terraformDir: folder(), pluginDir: providerMirror('random') });
  });

  it('come from where a configuration of the command line says', async () => {
    await applies({ terraformDir: folder(), cliConfigFile: await terraformCliConfig('random') });
  });

  it('are told to be missing', async () => {
    const terraformDir = folder();
    await expect(init({ terraformDir, pluginDir: terraformDir, maxRetries: 0 })).rejects.toThrow(
      /terraform init in .*: .*hashicorp\/random was not\s+found/s,
    );
  });
});
