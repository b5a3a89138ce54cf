import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { StackJson } from '@mlterra/testing';
import { parse } from 'yaml';

/** User data as cloud-init reads it. */
export interface CloudConfig {
  readonly write_files: readonly {
    readonly path: string;
    readonly permissions: string;
    readonly content: string;
    readonly encoding?: string;
  }[];
  readonly [key: string]: unknown;
}

/**
 * The user data of a stack, as Terraform makes it. Nothing is installed: generated passwords are `password`.
 * @returns bytes that a cloud would be given, before their base64 where there is one
 */
export function applyUserData(stack: StackJson, password = 'made-up-password'): Buffer {
  const { locals, output } = stack as StackJson & { readonly locals: object };
  const made = JSON.stringify({
    locals,
    output: { user_data: output!.user_data, size: output!.machine_user_data_bytes },
  });
  const configuration = {
    variable: { password: { type: 'string', sensitive: true } },
    ...(JSON.parse(made.replaceAll(/random_password\.\w+\.result/g, 'var.password')) as object),
  };
  const folder = mkdtempSync(join(tmpdir(), 'mlterra-machines-'));
  try {
    writeFileSync(join(folder, 'main.tf.json'), JSON.stringify(configuration));
    terraform(folder, password, 'apply', '-auto-approve', '-input=false');
    const value = terraform(folder, password, 'output', '-raw', 'user_data');
    return value.startsWith('#') ? Buffer.from(value) : Buffer.from(value, 'base64');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What user data says, compressed or not. */
export function readUserData(data: Buffer): CloudConfig {
  const text = (data[0] === 0x1f ? gunzipSync(data) : data).toString('utf8');
  return parse(text) as CloudConfig;
}

/** Content of a file that cloud-init writes. */
export function writtenFile(config: CloudConfig, path: string): string {
  const file = config.write_files.find((each) => each.path === path);
  if (file === undefined)
    throw new Error(`no ${path} among ${config.write_files.map((each) => each.path).join()}`);
  if (file.encoding === undefined) return file.content;
  return gunzipSync(Buffer.from(file.content, 'base64')).toString('utf8');
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
  if (status !== 0) throw new Error(`terraform ${args[0]}: ${(stdout + stderr).slice(-2000)}`);
  return stdout;
}
