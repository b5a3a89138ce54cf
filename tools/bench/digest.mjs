/*
 * Times an apply that finds nothing to do, over environments of built-in resources in a temporary folder.
 *   node tools/bench/digest.mjs [stacks …]    default 10 100
 */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { median, mlterra, report, root } from './measure.mjs';

const WARM_RUNS = 5;
const sizes = process.argv.length > 2 ? process.argv.slice(2).map(Number) : [10, 100];

/** A chain of every ten stacks: each reads an output of the one before. */
const source = (stacks) => `
import { defineEnvironment, exportOutputs, localState, type StackOutput } from '@mlterra/core';
import { TerraformResource } from 'cdktf';

class Data extends TerraformResource {
  public constructor(scope: ConstructorParameters<typeof TerraformResource>[0], private readonly input: string) {
    super(scope, 'Data', { terraformResourceType: 'terraform_data' });
  }
  protected override synthesizeAttributes(): Record<string, unknown> {
    return { input: this.input };
  }
}

export default defineEnvironment({
  name: 'bench',
  backend: localState(),
  stages: { dev: { profile: 'development', settings: undefined } },
  build(stage) {
    let previous: StackOutput | undefined;
    for (let index = 0; index < ${stacks}; index += 1) {
      const stack = stage.stack(\`stack-\${index}\`);
      const data = new Data(stack, index % 10 === 0 || previous === undefined ? 'first' : previous.at(stack));
      previous = exportOutputs(data, { value: \`value \${index}\` }).value;
    }
  },
});
`;

function bench(stacks) {
  const workspace = mkdtempSync(join(tmpdir(), 'mlterra-bench-'));
  try {
    const environment = join(workspace, 'environments/bench');
    mkdirSync(environment, { recursive: true });
    symlinkSync(join(root, 'node_modules'), join(workspace, 'node_modules'), 'dir');
    writeFileSync(join(workspace, 'nx.json'), '{}');
    writeFileSync(join(environment, 'environment.ts'), source(stacks));
    const first = mlterra(root, workspace, 'apply', 'bench');
    const runs = Array.from({ length: WARM_RUNS }, () => mlterra(root, workspace, 'apply', 'bench'));
    const touched = runs.flatMap(({ statuses }) => statuses).filter((status) => status !== 'unchanged');
    if (touched.length > 0) throw new Error(`Stacks were not left alone: ${touched.join(', ')}`);
    return {
      stacks,
      'first apply, s': first.engineSeconds,
      'nothing to do, engine s': median(runs.map(({ engineSeconds }) => engineSeconds)),
      'nothing to do, wall s': median(runs.map(({ wallSeconds }) => wallSeconds)),
    };
  } finally {
    rmSync(workspace, { recursive: true, force: true });
  }
}

report('digest', sizes.map(bench));
