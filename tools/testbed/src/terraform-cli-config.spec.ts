import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isBuilt, providerBinary } from './providers';
import { terraformCliConfig } from './terraform-cli-config';

const built = isBuilt('helm') && isBuilt('random') ? test : test.skip;

built('Terraform installs the providers that are built here, and refuses what they cannot do', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'mlterra-cli-config-'));
  try {
    const config = await terraformCliConfig('helm', 'random');
    const required = {
      helm: { source: 'hashicorp/helm', version: '~> 3.0' },
      random: { source: 'hashicorp/random', version: '~> 3.1' },
    };
    const release = {
      name: 'a',
      chart: './a',
      upgrade_install: true,
      wait_for_jobs: true,
      no_such_argument: 1,
    };
    const json = { terraform: { required_providers: required }, resource: { helm_release: { a: release } } };
    writeFileSync(join(folder, 'main.tf.json'), JSON.stringify(json));
    const terraform = (...args: readonly string[]): string => {
      const env = { ...process.env, TF_CLI_CONFIG_FILE: config };
      const { stdout, stderr } = spawnSync('terraform', [...args, '-no-color'], {
        cwd: folder,
        env,
        encoding: 'utf8',
      });
      return `${stdout}${stderr}`;
    };
    terraform('init', '-input=false');
    const lock = readFileSync(join(folder, '.terraform.lock.hcl'), 'utf8');
    for (const name of ['helm', 'random'] as const)
      expect(lock).toContain(`"${providerBinary(name).version}"`);
    const refused = terraform('validate');
    expect(refused).toContain('No argument or block type is named "no_such_argument"');
    expect(refused).not.toMatch(/named "(upgrade_install|wait_for_jobs)"/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
