/*
 * Times an apply of the quickstart.
 *   node tools/bench/quickstart.mjs           repeated applies in this checkout, in which it is applied already
 *   node tools/bench/quickstart.mjs --cold    a clone in a temporary folder: npm ci, first apply, repeated applies, destroy
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { measure, median, mlterra, report, root } from './measure.mjs';

const WARM_RUNS = 5;
const { values } = parseArgs({ options: { cold: { type: 'boolean' } } });

function warm(checkout) {
  const runs = Array.from({ length: WARM_RUNS }, () => mlterra(checkout, checkout, 'apply', 'quickstart'));
  const touched = runs
    .flatMap(({ statuses }) => statuses)
    .filter((status) => !['unchanged', 'protected'].includes(status));
  if (touched.length > 0) {
    throw new Error(
      `This measures applies that find nothing to do, but stacks were ${touched.join(', ')}: apply first.`,
    );
  }
  const of = (field) => median(runs.map((run) => run[field]));
  return {
    what: `apply, nothing to do (median of ${WARM_RUNS})`,
    wallSeconds: of('wallSeconds'),
    engineSeconds: of('engineSeconds'),
  };
}

function cold() {
  const clone = mkdtempSync(join(tmpdir(), 'mlterra-bench-'));
  try {
    measure(tmpdir(), 'git', 'clone', '--quiet', root, clone);
    const install = measure(clone, 'npm', 'ci', '--no-audit', '--no-fund');
    try {
      const first = measure(clone, 'npx', 'nx', 'apply', 'quickstart');
      return [
        { what: 'npm ci', wallSeconds: install.wallSeconds },
        { what: 'npx nx apply quickstart, first', wallSeconds: first.wallSeconds },
        { what: 'both', wallSeconds: install.wallSeconds + first.wallSeconds },
        warm(clone),
      ];
    } finally {
      mlterra(clone, clone, 'destroy', 'quickstart', '--yes', '--purge');
    }
  } finally {
    rmSync(clone, { recursive: true, force: true });
  }
}

report('quickstart', values.cold ? cold() : [warm(root)]);
