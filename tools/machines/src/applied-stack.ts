import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { StackJson } from '@mlterra/testing';
import { buildProviders } from '@mlterra/testbed';

/** A stack that real Terraform applies with real providers, in a folder of its own. */
export class AppliedStack {
  private readonly folder = mkdtempSync(join(tmpdir(), 'mlterra-stack-'));

  private constructor() {}

  public static async create(): Promise<AppliedStack> {
    const [random] = await buildProviders('random');
    const stack = new AppliedStack();
    // The bindings want another version than can be built here: an override is not asked for its own.
    const override = `${JSON.stringify(random!.source)} = ${JSON.stringify(dirname(random!.path))}`;
    writeFileSync(
      join(stack.folder, 'terraform.rc'),
      `disable_checkpoint = true\nprovider_installation {\n  dev_overrides {\n    ${override}\n  }\n}\n`,
    );
    return stack;
  }

  /** Applies what was synthesised, on the state of the last time; returns its outputs. */
  public apply({
    terraform: { backend: _, ...settings },
    ...stack
  }: StackJson): Readonly<Record<string, string>> {
    writeFileSync(join(this.folder, 'main.tf.json'), JSON.stringify({ ...stack, terraform: settings }));
    this.terraform('apply', '-input=false', '-auto-approve');
    const outputs = JSON.parse(this.terraform('output', '-json')) as Record<string, { value: string }>;
    return Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value]));
  }

  public remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private terraform(...args: string[]): string {
    const env: NodeJS.ProcessEnv = { ...process.env, TF_CLI_CONFIG_FILE: join(this.folder, 'terraform.rc') };
    delete env.TF_WORKSPACE;
    const { status, stdout, stderr } = spawnSync('terraform', [...args, '-no-color'], {
      cwd: this.folder,
      env,
      encoding: 'utf8',
      maxBuffer: 16 * 1024 * 1024,
    });
    if (status !== 0) throw new Error(`terraform ${args[0]}: ${(stdout + stderr).slice(-2000)}`);
    return stdout;
  }
}
