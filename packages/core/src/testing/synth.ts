import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { App } from 'cdktf';
import { defineEnvironment, type Environment } from '../environment';
import type { Stack } from '../stack';
import type { StateBackend } from '../state/backend';
import { localState } from '../state/local';

/** Parsed JSON that a spec looks into. */
export type Json = ReturnType<typeof JSON.parse>;

/** A synthesised environment in a temporary folder, laid out as the engine lays it out. */
export class Synthesized {
  private readonly folder = mkdtempSync(join(tmpdir(), 'mlterra-core-'));

  public constructor(environment: Environment) {
    try {
      environment.build(join(this.folder, '.mlterra')).synth();
    } catch (error) {
      this.remove();
      throw error;
    }
  }

  /** The parsed `cdk.tf.json` of a stack, `<stage>-<stack>`. */
  public stack(id: string): Json {
    return JSON.parse(this.text(id));
  }

  /** The `cdk.tf.json` of a stack as it lies on the disk. */
  public text(id: string): string {
    return readFileSync(join(this.workingFolder(id), 'cdk.tf.json'), 'utf8');
  }

  /** Runs Terraform over a stack and returns the values of its outputs. */
  public apply(id: string): Record<string, unknown> {
    const cwd = this.workingFolder(id);
    terraform(cwd, 'init', '-input=false', '-no-color');
    terraform(cwd, 'apply', '-auto-approve', '-input=false', '-no-color');
    const outputs = JSON.parse(terraform(cwd, 'output', '-json')) as Record<string, { value: unknown }>;
    return Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value]));
  }

  public remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private workingFolder(id: string): string {
    return join(this.folder, '.mlterra', 'stacks', id);
  }
}

/** Runs `use` on the synthesised environment and removes the temporary folder. */
export function withSynthesized<T>(environment: Environment, use: (synthesized: Synthesized) => T): T {
  const synthesized = new Synthesized(environment);
  try {
    return use(synthesized);
  } finally {
    synthesized.remove();
  }
}

/** Builds an environment without synthesising it; throws what building throws. */
export function build(environment: Environment): App {
  const folder = mkdtempSync(join(tmpdir(), 'mlterra-core-'));
  try {
    return environment.build(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** An environment `demo` with one stage `dev` that `build` fills. */
export function demo(
  fill: (stack: (name: string) => Stack) => void,
  backend: StateBackend = localState(),
): Environment {
  return defineEnvironment({
    name: 'demo',
    backend,
    stages: { dev: { profile: 'development', settings: undefined } },
    build: (stage) => fill((name) => stage.stack(name)),
  });
}

function terraform(cwd: string, ...args: string[]): string {
  const env = { ...process.env };
  delete env.TF_WORKSPACE;
  delete env.TF_CLI_CONFIG_FILE;
  const run = spawnSync('terraform', args, { cwd, env, encoding: 'utf8' });
  if (run.error) throw new Error(`terraform cannot be started: ${run.error.message}`);
  if (run.status !== 0) throw new Error(`terraform ${args[0]}: ${run.stdout}${run.stderr}`);
  return run.stdout;
}
