/*
 * Times how long the test bed's Docker engine and Kubernetes take to come up. Needs root; stop a test bed that runs first.
 *   node tools/bench/testbed.mjs           with everything in the cache
 *   node tools/bench/testbed.mjs --cold    with an empty cache of the test bed, and with --modules of Go modules as well
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { measure, median, report, root } from './measure.mjs';

const WARM_RUNS = 3;
const SERVERS = ['docker', 'kubernetes'];
const { values } = parseArgs({ options: { cold: { type: 'boolean' }, modules: { type: 'boolean' } } });

function testbed(...args) {
  return measure(root, 'npm', 'run', '--silent', 'testbed', '--', ...args).wallSeconds;
}

function upAndDown() {
  const up = testbed('up', ...SERVERS);
  const down = testbed('down');
  return { up, down };
}

function warm() {
  testbed();
  upAndDown();
  const runs = Array.from({ length: WARM_RUNS }, upAndDown);
  const of = (what) => median(runs.map((run) => run[what]));
  return [
    { what: `up ${SERVERS.join(' ')}, warm (median of ${WARM_RUNS})`, wallSeconds: of('up') },
    { what: 'down', wallSeconds: of('down') },
  ];
}

function cold() {
  const folder = mkdtempSync(join(tmpdir(), 'mlterra-bench-'));
  try {
    process.env.XDG_CACHE_HOME = join(folder, 'cache');
    process.env.GOCACHE = join(folder, 'go-build');
    if (values.modules) process.env.GOMODCACHE = join(folder, 'go-modules');
    process.env.GOFLAGS = `${process.env.GOFLAGS ?? ''} -modcacherw`.trim();
    const build = testbed();
    const { up } = upAndDown();
    return [
      { what: 'npm run testbed, cold', wallSeconds: build },
      { what: `up ${SERVERS.join(' ')}, first`, wallSeconds: up },
      { what: 'both', wallSeconds: build + up },
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

report('testbed', values.cold ? cold() : warm());
