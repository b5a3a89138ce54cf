import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A folder with one Terraform configuration of built-in resources, run as a person would. */
export class TerraformFolder {
  public constructor(
    private readonly dir: string,
    private readonly backend: object,
    private readonly env: NodeJS.ProcessEnv = {},
  ) {
    mkdirSync(dir, { recursive: true });
  }

  /** Applies a configuration with this output, and one resource whose creation runs the command. */
  public async apply(value: string, command = 'true'): Promise<void> {
    this.write(value, command);
    await this.terraform('init', '-input=false', '-no-color');
    await this.terraform(...APPLY);
  }

  public async terraform(...args: string[]): Promise<string> {
    return (await run('terraform', args, { cwd: this.dir, env: this.environment() })).stdout;
  }

  /** Starts an apply that holds its lock, in a process group of its own. */
  public applyInBackground(value: string, command: string): ChildProcess {
    this.write(value, command);
    return spawn('terraform', APPLY, {
      cwd: this.dir,
      env: this.environment(),
      detached: true,
      stdio: 'ignore',
    });
  }

  private write(value: string, command: string): void {
    writeFileSync(
      join(this.dir, 'main.tf.json'),
      JSON.stringify({
        terraform: { backend: this.backend },
        resource: {
          terraform_data: {
            a: { triggers_replace: [command], provisioner: [{ 'local-exec': { command } }] },
          },
        },
        output: { value: { value }, secret: { value: 's', sensitive: true } },
      }),
    );
  }

  private environment(): NodeJS.ProcessEnv {
    return { ...process.env, ...this.env };
  }
}

const APPLY = ['apply', '-auto-approve', '-input=false', '-no-color'];
