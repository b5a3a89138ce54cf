import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import {
  Stack,
  type Environment,
  type HooksReference,
  type OutputRead,
  type StackKey,
  type StateLocation,
} from '@mlterra/core';
import { AnnotationMetadataEntryType } from 'cdktf';
import { loadEnvironment, run } from '../load/load-environment';
import { temporaryFolder } from '../private-files/temporary-folder';
import { environmentFolder } from '../work/environment-folder';
import { readAssets, type Asset } from './assets';
import { placeLocalModules } from './local-modules';

/** Terraform JSON configuration, as synthesised. */
export type TerraformConfig = Readonly<Record<string, unknown>>;

export interface SynthesizedStack {
  /** `<environment>/<stage>/<stack>` */
  readonly key: string;
  readonly stackKey: StackKey;
  /** `<stage>-<stack>`, the name of its folder. */
  readonly id: string;
  readonly config: TerraformConfig;
  /** Every file of the stack beside `cdk.tf.json`. */
  readonly assets: readonly Asset[];
  /** The text of `cdk.tf.json`. */
  readonly text: string;
  /** Keys of the stacks it comes after. */
  readonly dependencies: readonly string[];
  readonly reads: readonly OutputRead[];
  readonly hooks: readonly HooksReference[];
  /** What constructs warn of, by `Annotations.of(this).addWarning(…)` of CDKTF, as `<path>: <text>`. */
  readonly warnings: readonly string[];
  /** Whether what no digest can hold (data sources, the time) counts as unchanged. */
  readonly frozen: boolean;
  readonly location: StateLocation;
  /** Oldest Terraform that locks this state. */
  readonly minimumTerraform?: string;
}

export interface SynthesizedEnvironment {
  readonly name: string;
  /** Absolute path of the folder with `environment.ts`. */
  readonly dir: string;
  readonly definition: Environment;
  /** In the order of their definition. */
  readonly stacks: readonly SynthesizedStack[];
}

/** Synthesises all stages of the environment in `dir`, in this process, and leaves nothing on disk. */
export function synthesize(dir: string): SynthesizedEnvironment {
  const outdir = temporaryFolder('synth-', environmentFolder(dir));
  try {
    return synthesizeTo(dir, outdir);
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

/** Synthesises into a folder that stays, as CDKTF lays it out: `stacks/<stage>-<stack>/cdk.tf.json`. */
export function synthesizeTo(dir: string, outdir: string): SynthesizedEnvironment {
  const definition = loadEnvironment(dir);
  const stacks = synthesizeDefinition(definition, { file: path.join(dir, 'environment.ts'), dir, outdir });
  return { name: definition.name, dir, definition, stacks };
}

function warningsOf(stack: Stack): readonly string[] {
  return stack.node
    .findAll()
    .flatMap(({ node }) =>
      node.metadata
        .filter(({ type }) => type === (AnnotationMetadataEntryType.WARN as string))
        .map(({ data }) => `${node.path}: ${String(data)}`),
    );
}

/** Synthesises a definition that is loaded already; errors are told in terms of `file`, and modules are found from `dir`. */
export function synthesizeDefinition(
  definition: Environment,
  { file, dir, outdir }: { readonly file: string; readonly dir: string; readonly outdir: string },
): readonly SynthesizedStack[] {
  mkdirSync(path.join(outdir, 'stacks'), { recursive: true });
  const app = run(file, () => {
    const built = definition.build(outdir);
    built.synth();
    return built;
  });
  return app.node.children.filter(Stack.isMlterraStack).map((stack): SynthesizedStack => {
    const folder = path.join(outdir, 'stacks', stack.node.id);
    placeLocalModules(folder, dir, stack.key);
    const text = readFileSync(path.join(folder, 'cdk.tf.json'), 'utf8');
    return {
      key: stack.key,
      stackKey: stack.stackKey,
      id: stack.node.id,
      config: JSON.parse(text) as TerraformConfig,
      text,
      assets: readAssets(folder),
      dependencies: stack.dependencies.filter(Stack.isMlterraStack).map((dependency) => dependency.key),
      reads: stack.reads,
      hooks: stack.hooks,
      warnings: warningsOf(stack),
      frozen: stack.frozen,
      location: stack.backend.location(stack.key),
      minimumTerraform: stack.backend.minimumTerraform,
    };
  });
}
