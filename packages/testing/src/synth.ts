import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineEnvironment, localState, Stack, type Environment, type ProfileName } from '@mlterra/core';
import { withoutMetadata } from './metadata';

/** The file `cdk.tf.json` of one stack, without metadata. */
export interface StackJson {
  readonly terraform: Readonly<Record<string, unknown>>;
  /** Configurations by provider, e.g. `google`. */
  readonly provider?: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;
  /** Resources by type and logical id. */
  readonly resource?: Blocks;
  /** Data sources by type and logical id. */
  readonly data?: Blocks;
  /** Outputs by name. */
  readonly output?: Readonly<Record<string, { readonly value: unknown; readonly sensitive?: boolean }>>;
}

/** Blocks by type and logical id. */
export type Blocks = Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;

/**
 * Synthesises an environment as the engine does, with all validations, and returns the JSON of every stack
 * by `<stage>/<stack>`.
 */
export function synthEnvironment(environment: Environment): Readonly<Record<string, StackJson>> {
  const outdir = mkdtempSync(join(tmpdir(), 'mlterra-synth-'));
  try {
    const app = environment.build(outdir);
    app.synth();
    const stacks: Record<string, StackJson> = {};
    for (const stack of app.node.children.filter((child) => Stack.isMlterraStack(child))) {
      const file = join(outdir, 'stacks', stack.node.id, 'cdk.tf.json');
      stacks[`${stack.stackKey.stage}/${stack.stackKey.stack}`] = withoutMetadata(
        JSON.parse(readFileSync(file, 'utf8')) as StackJson,
      );
    }
    return stacks;
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

export interface SynthStackProps {
  /** Profile of the stage. @default "development" */
  readonly profile?: ProfileName;
}

/** Synthesises one stack, `demo/dev/main`, that `build` fills, and returns its JSON. */
export function synthStack(build: (stack: Stack) => void, props: SynthStackProps = {}): StackJson {
  const environment = defineEnvironment({
    name: 'demo',
    backend: localState(),
    stages: { dev: { profile: props.profile ?? 'development', settings: undefined } },
    build: (stage) => build(stage.stack('main')),
  });
  return synthEnvironment(environment)['dev/main']!;
}
