import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { CommandName, CommandRequest } from '../command';
import { computeResult } from '../execute';
import type { CommandResult, EnvironmentResult, StackResult } from '../run/result';

const REPOSITORY = path.resolve(__dirname, '../../../..');

/** Checking types takes seconds, most of the time of a command: an environment has a tsconfig.json of its own where they matter. */
const UNCHECKED = JSON.stringify({
  compilerOptions: { noCheck: true, noResolve: true, lib: ['es5'], types: [] },
  files: [],
});

/** A workspace in a temporary folder, with the packages of this repository; types in its environments are not checked. */
export class Fixture {
  public readonly root = realpathSync(mkdtempSync(path.join(tmpdir(), 'mlterra-engine-')));

  public constructor() {
    symlinkSync(path.join(REPOSITORY, 'node_modules'), path.join(this.root, 'node_modules'), 'dir');
    writeFileSync(path.join(this.root, 'tsconfig.json'), UNCHECKED);
  }

  /** Writes `environments/<name>/environment.ts`; returns the folder. */
  public environment(name: string, source: string): string {
    const dir = this.dir(name);
    mkdirSync(dir, { recursive: true });
    writeFileSync(path.join(dir, 'environment.ts'), source);
    return dir;
  }

  public dir(name: string): string {
    return path.join(this.root, 'environments', name);
  }

  public request(name: string, request: Partial<CommandRequest> = {}): CommandRequest {
    return {
      workspaceRoot: this.root,
      environmentDirs: [this.dir(name)],
      parallelism: 2,
      lockTimeoutSeconds: 1,
      ...request,
    };
  }

  /** Runs a command on one environment. */
  public async run(
    command: CommandName,
    name: string,
    request: Partial<CommandRequest> = {},
  ): Promise<EnvironmentResult & { readonly whole: CommandResult }> {
    const whole = await computeResult(command, this.request(name, request));
    return { ...whole.environments[0]!, whole };
  }

  /** The state of a stack on the local backend. */
  public state(key: string): {
    serial: number;
    resources: { mode: string; type: string; name: string; instances: unknown[] }[];
  } {
    return JSON.parse(readFileSync(this.stateFile(key), 'utf8')) as ReturnType<Fixture['state']>;
  }

  public stateFile(key: string): string {
    return path.join(this.dir(key.split('/')[0]!), '.mlterra', 'state', `${key}.tfstate`);
  }

  public remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}

/** `{ 'env/dev/a': 'applied', … }` */
export function statuses(result: { readonly stacks: readonly StackResult[] }): Record<string, string> {
  return Object.fromEntries(result.stacks.map(({ key, status }) => [key, status]));
}

export interface FixtureStack {
  /** Inputs of the one resource `terraform_data.R`; `<stack>.<output>` after `@` reads an upstream output. */
  readonly input?: Readonly<Record<string, string>>;
  /** Outputs with literal values. */
  readonly outputs?: Readonly<Record<string, string>>;
  /** Shell command of the resource's creation. */
  readonly command?: string;
  /** Shell command of the resource's destruction. */
  readonly destroyCommand?: string;
  /** More resources by name, in a chain: each waits for the one before, `R` first. */
  readonly chain?: Readonly<Record<string, string>>;
}

/** Source of an environment of built-in resources. */
export function builtinEnvironment(
  name: string,
  stages: Readonly<Record<string, Readonly<Record<string, FixtureStack>>>>,
  options: {
    readonly shared?: Readonly<Record<string, FixtureStack>>;
    readonly profiles?: Record<string, string>;
    readonly backend?: string;
  } = {},
): string {
  const profiles = Object.fromEntries(
    Object.keys(stages).map((stage) => [stage, options.profiles?.[stage] ?? 'development']),
  );
  return `
import { defineEnvironment, exportOutputs, localState, pgState, s3State, type Stack, type Stage, type StackOutput } from '@mlterra/core';
import { DataResource } from 'cdktf';
void [pgState, s3State];

type Spec = { input?: Record<string, string>; outputs?: Record<string, string>; command?: string; destroyCommand?: string; chain?: Record<string, string> };
const stages: Record<string, Record<string, Spec>> = ${JSON.stringify(stages)};
const sharedStacks: Record<string, Spec> = ${JSON.stringify(options.shared ?? {})};

type Outputs = Record<string, StackOutput>;

function build(stage: Stage<unknown>, specs: Record<string, Spec>, outer: Outputs): Outputs {
  const outputs: Outputs = { ...outer };
  for (const [stack, spec] of Object.entries(specs)) fill(stage.stack(stack), stack, spec, outputs);
  return outputs;
}

function fill(stack: Stack, name: string, spec: Spec, outputs: Outputs): void {
  const input = Object.fromEntries(
    Object.entries(spec.input ?? {}).map(([key, value]) => [key, value.startsWith('@') ? outputs[value.slice(1)]!.at(stack) : value]),
  );
  const provisioners = [
    ...(spec.command === undefined ? [] : [{ type: 'local-exec' as const, command: spec.command }]),
    ...(spec.destroyCommand === undefined ? [] : [{ type: 'local-exec' as const, command: spec.destroyCommand, when: 'destroy' as const }]),
  ];
  let last = new DataResource(stack, 'R', { input, triggersReplace: { command: spec.command ?? '' }, ...(provisioners.length > 0 ? { provisioners } : {}) });
  for (const [id, command] of Object.entries(spec.chain ?? {})) {
    last = new DataResource(stack, id, { dependsOn: [last], provisioners: [{ type: 'local-exec', command }] });
  }
  for (const [output, value] of Object.entries(exportOutputs(stack, { ...spec.outputs }))) outputs[name + '.' + output] = value;
}

export default defineEnvironment<undefined, Outputs>({
  name: ${JSON.stringify(name)},
  backend: ${options.backend ?? 'localState()'},
  stages: {
${Object.entries(profiles)
  .map(([stage, profile]) => `    ${stage}: { profile: '${profile}', settings: undefined },`)
  .join('\n')}
  },
${options.shared === undefined ? '' : '  shared: (stage) => build(stage, sharedStacks, {}),'}
  build: (stage, shared) => void build(stage, stages[stage.name]!, shared ?? {}),
});
`;
}
