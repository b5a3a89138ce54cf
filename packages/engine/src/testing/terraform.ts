import type { StateBackend } from '@mlterra/core';
import { App, TerraformStack } from 'cdktf';
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A folder with one Terraform configuration of built-in resources, run as a person would. */
export class TerraformFolder {
  /** What core renders for the backend. */
  private readonly backend: unknown;

  public constructor(
    private readonly dir: string,
    backend: StateBackend,
    key: string,
  ) {
    mkdirSync(dir, { recursive: true });
    const stack = new TerraformStack(new App(), 'stack');
    backend.configure(stack, key);
    this.backend = (stack.toTerraform() as { terraform: { backend: unknown } }).terraform.backend;
  }

  /** Applies a configuration with this output, and one resource whose creation runs the command. */
  public async apply(value: string, command = 'true'): Promise<void> {
    await this.init(value, command);
    await this.terraform(...APPLY);
  }

  /** Initialises the same and applies nothing. */
  public async init(value: string, command = 'true'): Promise<void> {
    this.write(value, command);
    await this.terraform('init', '-input=false', '-no-color');
  }

  public async terraform(...args: string[]): Promise<string> {
    // Named, because the variables a spec sets are a copy that child processes do not inherit.
    return (await run('terraform', args, { cwd: this.dir, env: process.env })).stdout;
  }

  /** Starts an apply that holds its lock, in a process group of its own. */
  public applyInBackground(value: string, command: string): ChildProcess {
    this.write(value, command);
    return spawn('terraform', APPLY, {
      cwd: this.dir,
      env: process.env,
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
}

const APPLY = ['apply', '-auto-approve', '-input=false', '-no-color'];
