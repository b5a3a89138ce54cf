import { readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { realProcess } from './real-process';
import {
  apply,
  applyAndIdempotent,
  destroy,
  init,
  initAndApply,
  initAndApplyAndIdempotent,
  output,
  outputAll,
  planAndShow,
  planExitCode,
  plan,
  showPlan,
  showState,
  validate,
} from './terraform';
import { describeTerratest } from './testing/needs-terratest';
import { fileToAppear } from './testing/until';
import { folderWith } from './testing/module-folder';

const MODULE = `
variable "name" {
  type = string
}
variable "sizes" {
  type    = map(object({ cpu = number, spot = optional(bool) }))
  default = {}
}
resource "terraform_data" "one" {
  input = { name = var.name, sizes = var.sizes }
}
output "name" {
  value = terraform_data.one.output.name
}
output "sizes" {
  value = var.sizes
}
output "password" {
  value     = "hunter2"
  sensitive = true
}
`;

describeTerratest('Terraform by Terratest', () => {
  it('goes through a life: plan, apply, outputs, a second apply, destroy', async () => {
    const terraformDir = folderWith({ 'main.tf': MODULE });
    const vars = { name: 'a "quoted" ${name}', sizes: { small: { cpu: 0.5, spot: null } } };
    const options = { terraformDir, vars };
    await init(options);
    await expect(validate(options)).resolves.toContain('The configuration is valid');
    expect(await planExitCode(options)).toBe(2);
    const planned = await planAndShow(options);
    expect(planned.resource_changes).toMatchObject([
      { address: 'terraform_data.one', change: { actions: ['create'] } },
    ]);
    await expect(applyAndIdempotent(options)).resolves.toContain('1 added, 0 changed, 0 destroyed');
    expect(await output(options, 'name')).toBe('a "quoted" ${name}');
    expect(await outputAll(options)).toEqual({
      name: 'a "quoted" ${name}',
      sizes: { small: { cpu: 0.5, spot: null } },
      password: 'hunter2',
    });
    expect(await planExitCode(options)).toBe(0);
    await expect(destroy(options)).resolves.toContain('1 destroyed');
    expect(await showState(options)).not.toHaveProperty('values.root_module.resources');
  });

  it('applies the plan that was kept, and no other', async () => {
    const terraformDir = folderWith({ 'main.tf': MODULE });
    const saved = { terraformDir, vars: { name: 'kept' }, planFilePath: join(terraformDir, 'plan') };
    await init(saved);
    await plan(saved);
    const { resource_changes: changes } = await showPlan(saved);
    expect(changes?.[0]?.change.after).toMatchObject({ input: { name: 'kept' } });
    await apply({ ...saved, vars: { name: 'other' } });
    expect(await output({ terraformDir }, 'name')).toBe('kept');
  });

  it('applies a stack that CDKTF synthesised', async () => {
    const stack = {
      terraform: { backend: { local: { path: 'terraform.tfstate' } } },
      resource: { terraform_data: { one: { '//': { metadata: { path: 'stack/one' } }, input: 'x' } } },
      output: { one: { value: '${terraform_data.one.output}' } },
    };
    const root = folderWith({ 'cdktf.out/stacks/dev-x/cdk.tf.json': JSON.stringify(stack) });
    const options = { terraformDir: join(root, 'cdktf.out', 'stacks', 'dev-x') };
    await initAndApplyAndIdempotent(options);
    expect(await outputAll(options)).toEqual({ one: 'x' });
    await destroy(options);
  });

  it('finds a configuration that is never done, and shows what it wants to change', async () => {
    const terraformDir = folderWith({
      'main.tf': 'resource "terraform_data" "clock" {\n  input = timestamp()\n}\n',
    });
    await init({ terraformDir });
    await expect(applyAndIdempotent({ terraformDir })).rejects.toMatchObject({
      code: 'terratest-not-idempotent',
      message: expect.stringMatching(/terraform apply in .*terraform_data\.clock will be updated in-place/s),
    });
  });

  it('does not take a plan that fails for one that wants to change something', async () => {
    const terraformDir = folderWith({
      'main.tf': `
        resource "terraform_data" "one" {
          input = fileexists("\${path.module}/made") ? file("\${path.module}/missing") : "first"
          provisioner "local-exec" {
            command = "touch made"
          }
        }`,
    });
    await init({ terraformDir });
    await expect(applyAndIdempotent({ terraformDir })).rejects.toMatchObject({
      code: 'terratest-failed',
      output: expect.arrayContaining([expect.stringContaining('Invalid function argument')]),
    });
  });

  it('tells why an apply failed, and nothing that is secret', async () => {
    const terraformDir = folderWith({
      'main.tf': `
        variable "token" {
          type      = string
          sensitive = true
        }
        resource "terraform_data" "one" {
          input = var.token
          provisioner "local-exec" {
            command = "echo it broke >&2; exit 3"
          }
        }`,
    });
    const failed = initAndApply({ terraformDir, vars: { token: 's3cret-token' } });
    await expect(failed).rejects.toMatchObject({
      name: 'MlterraError',
      code: 'terratest-failed',
      message: expect.stringMatching(/^terraform apply in .* failed: .*exit status 3.*it\s+broke/s),
      output: expect.arrayContaining([expect.stringContaining('terraform_data.one: Creating...')]),
    });
    await failed.catch((error: unknown) => expect(JSON.stringify(error)).not.toContain('s3cret-token'));
  });

  it('runs a command again after an error that goes away, and not after another one', async () => {
    const terraformDir = folderWith({
      'main.tf': `
        variable "message" {
          type = string
        }
        resource "terraform_data" "one" {
          provisioner "local-exec" {
            command = "echo x >> tries; test $(wc -l < tries) -gt 2 || { echo \${var.message} >&2; exit 1; }"
          }
        }`,
    });
    const options = {
      terraformDir,
      timeBetweenRetriesSeconds: 0.01,
      retryableErrors: { '.*come back later.*': 'busy' },
    };
    await init(options);
    await expect(apply({ ...options, vars: { message: 'gone for good' } })).rejects.toMatchObject({
      code: 'terratest-failed',
    });
    await expect(apply({ ...options, vars: { message: 'come back later' } })).resolves.toContain(
      'Apply complete',
    );
    writeFileSync(join(terraformDir, 'tries'), '');
    const fewer = { ...options, maxRetries: 1, extraArgs: { apply: ['-replace=terraform_data.one'] } };
    await expect(apply({ ...fewer, vars: { message: 'come back later' } })).rejects.toMatchObject({
      code: 'terratest-retries',
      message: expect.stringMatching(/did not work within its retries; the last time: .*come back later/s),
    });
  });

  it('takes the lock of the state, and waits for it as long as it is told', async () => {
    const terraformDir = folderWith({ 'main.tf': 'resource "terraform_data" "one" {}\n' });
    const options = { terraformDir, maxRetries: 0 };
    await initAndApply(options);
    const slow = folderWith({
      'main.tf': `terraform {
          backend "local" {
            path = "${join(terraformDir, 'terraform.tfstate')}"
          }
        }
        resource "terraform_data" "slow" {
          provisioner "local-exec" {
            command = "touch begun; while [ ! -e go ]; do sleep 0.05; done"
          }
        }`,
    });
    await init({ terraformDir: slow });
    const holder = apply({ terraformDir: slow });
    await fileToAppear(join(slow, 'begun'));
    for (const call of [plan, apply, destroy]) {
      await expect(call(options)).rejects.toThrow(/Error acquiring the state lock/);
    }
    const waiting = planExitCode({ ...options, lockTimeoutSeconds: 60 });
    writeFileSync(join(slow, 'go'), '');
    await holder;
    expect(await waiting).toBe(2);
  });

  it('takes values that the configuration does not declare for an error', async () => {
    const terraformDir = folderWith({ 'main.tf': 'resource "terraform_data" "one" {}\n' });
    await init({ terraformDir });
    await expect(plan({ terraformDir, vars: { colour: 'red' } })).rejects.toThrow(
      /the configuration declares no variable colour/,
    );
  });

  it('leaves no file with values or plans behind', async () => {
    const own = (): string[] => readdirSync(tmpdir()).filter((name) => /^mlterra-(vars|plan)-/.test(name));
    const options = { terraformDir: folderWith({ 'main.tf': MODULE }), vars: { name: 'x' } };
    await init(options);
    const before = own();
    await planAndShow(options);
    expect(own().filter((name) => !before.includes(name))).toEqual([]);
  });

  it('lets given values win over files of values', async () => {
    const terraformDir = folderWith({ 'main.tf': MODULE, 'a.tfvars': 'name = "of the file"\n' });
    const options = { terraformDir, varFiles: ['a.tfvars'] };
    await initAndApply(options);
    expect(await output(options, 'name')).toBe('of the file');
    await apply({ ...options, vars: { name: 'given' } });
    expect(await output(options, 'name')).toBe('given');
  });

  it('prints what Terraform prints when it is told to, but no value of an output', async () => {
    const options = { terraformDir: folderWith({ 'main.tf': MODULE }), vars: { name: 'x' } };
    const written = jest.spyOn(realProcess.stderr, 'write').mockReturnValue(true);
    try {
      await init(options);
      expect(written).not.toHaveBeenCalled();
      await apply({ ...options, log: true });
      expect(await output({ ...options, log: true }, 'password')).toBe('hunter2');
      await showState({ ...options, log: true });
      const printed = written.mock.calls.map(([text]) => String(text)).join('');
      expect(printed).toContain('Apply complete! Resources: 1 added');
      expect(printed).not.toContain('hunter2');
    } finally {
      written.mockRestore();
    }
  });

  it('says that an output does not exist', async () => {
    const terraformDir = folderWith({ 'main.tf': 'output "here" {\n  value = 1\n}\n' });
    await initAndApply({ terraformDir });
    await expect(output({ terraformDir }, 'elsewhere')).rejects.toThrow(/Output "elsewhere" not found/);
  });
});

describe('what keeps Terraform from being run', () => {
  it('is told: no folder', async () => {
    await expect(plan({ terraformDir: '/nowhere/at/all' })).rejects.toThrow(
      /There is no folder \/nowhere\/at\/all.*cdktf\.out\/stacks/s,
    );
  });

  it('is told: no Terraform', async () => {
    const terraformDir = folderWith({});
    await expect(plan({ terraformDir, terraformBinary: 'terraform-0.99' })).rejects.toThrow(
      /There is no terraform-0\.99.*MLTERRA_ENGINE/s,
    );
  });
});
