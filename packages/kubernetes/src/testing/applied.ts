import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { resourcesOf, type StackJson } from '@mlterra/testing';
import type { Rehearsed } from '@mlterra/testing/contracts';

/** The arguments of `helm_release.kubernetes`, with every reference resolved. */
export interface AppliedArguments {
  readonly values: readonly string[];
  readonly set_sensitive: readonly { readonly name: string; readonly value: string; readonly type: string }[];
}

/**
 * Lets Terraform resolve what the release of a stack is given. Nothing is installed: the release becomes two outputs,
 * and generated passwords are `password`.
 */
export function applyRelease(stack: StackJson, password = 'made-up-password'): AppliedArguments {
  const release = resourcesOf(stack, 'helm_release').kubernetes!;
  return resolve(stack, password, {
    values: { value: release.values },
    set_sensitive: { value: release.set_sensitive, sensitive: true },
  }) as unknown as AppliedArguments;
}

/** What the release of a chart in a stack is given, with its values as Helm reads them. */
export function resolveChart(
  stack: StackJson,
  release = 'redis',
): Readonly<Record<string, unknown>> & { readonly values: unknown } {
  const all = Object.values(resourcesOf(stack, 'helm_release'));
  const { values, ...given } = all.find(({ name }) => name === release)!;
  const resolved = resolve(stack, '', { values: { value: values } });
  return { ...given, values: JSON.parse((resolved.values as [string])[0]) as unknown };
}

function resolve(stack: StackJson, password: string, output: object): Readonly<Record<string, unknown>> {
  const text = JSON.stringify((stack as unknown as { locals: object }).locals).replaceAll(
    /random_password\.\w+\.result/g,
    'var.password',
  );
  const configuration = {
    variable: { password: { type: 'string', sensitive: true } },
    locals: JSON.parse(text) as object,
    output,
  };
  const folder = mkdtempSync(join(tmpdir(), 'mlterra-kubernetes-'));
  try {
    writeFileSync(join(folder, 'main.tf.json'), JSON.stringify(configuration));
    terraform(folder, password, 'apply', '-auto-approve', '-input=false');
    const outputs = JSON.parse(terraform(folder, password, 'output', '-json')) as Record<
      string,
      { readonly value: unknown }
    >;
    return Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value]));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A rehearsed stage `dev` that holds one release, of the stack `tool`. */
export function rehearsed(values: object): Rehearsed {
  const resource = {
    address: 'helm_release.kubernetes',
    mode: 'managed',
    type: 'helm_release',
    name: 'kubernetes',
    provider: 'registry.terraform.io/hashicorp/helm',
    values: values as Record<string, unknown>,
  } as const;
  return {
    stacks: [
      {
        key: 'demo/dev/tool',
        stackKey: { environment: 'demo', stage: 'dev', stack: 'tool' },
        steps: [],
        resources: [resource],
        outputs: {},
        config: {},
      },
    ],
    resources: (type) => (type === resource.type ? [{ ...resource, stack: 'dev-tool' }] : []),
  };
}

function terraform(cwd: string, password: string, ...args: string[]): string {
  const env: NodeJS.ProcessEnv = { ...process.env, TF_VAR_password: password };
  delete env.TF_WORKSPACE;
  delete env.TF_CLI_CONFIG_FILE;
  const { status, stdout, stderr } = spawnSync('terraform', [...args, '-no-color'], {
    cwd,
    env,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`terraform ${args[0]}: ${stdout}${stderr}`);
  return stdout;
}
