/*
 * Times what the mark of an apply costs beside the plan and the apply it belongs to, on a local state.
 *   node tools/bench/open-mark.mjs [resources …]    default 10 1000
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { median, report } from './measure.mjs';

const RUNS = 5;
const sizes = process.argv.length > 2 ? process.argv.slice(2).map(Number) : [10, 1000];

function bench(resources) {
  const cwd = mkdtempSync(join(tmpdir(), 'mlterra-bench-'));
  const terraform = (...args) => {
    const start = performance.now();
    const output = execFileSync('terraform', args, {
      cwd,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return { output, seconds: (performance.now() - start) / 1000 };
  };
  const write = (version) =>
    writeFileSync(
      join(cwd, 'main.tf.json'),
      JSON.stringify({
        resource: {
          terraform_data: Object.fromEntries(
            Array.from({ length: resources }, (_, index) => [`r${index}`, { input: { index, version } }]),
          ),
        },
      }),
    );
  try {
    write(0);
    terraform('init');
    terraform('apply', '-auto-approve');
    const runs = Array.from({ length: RUNS }, (_, version) => {
      write(version + 1);
      const pull = terraform('state', 'pull');
      const state = JSON.parse(pull.output);
      writeFileSync(join(cwd, 'marked.tfstate'), JSON.stringify({ ...state, serial: state.serial + 1 }));
      const push = terraform('state', 'push', 'marked.tfstate');
      const plan = terraform('plan', '-out=saved.plan');
      const apply = terraform('apply', 'saved.plan');
      return { mark: pull.seconds + push.seconds, change: plan.seconds + apply.seconds };
    });
    return {
      resources,
      'state, kB': Math.round(readFileSync(join(cwd, 'terraform.tfstate')).length / 1000),
      'mark, s': median(runs.map(({ mark }) => mark)),
      'plan and apply, s': median(runs.map(({ change }) => change)),
    };
  } finally {
    rmSync(cwd, { recursive: true, force: true });
  }
}

report('open-mark', sizes.map(bench));
