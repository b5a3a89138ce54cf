/*
 * Runs every check and every test, adds them up and ends with `N passed, N failed`.
 *   --full        also the long tests; without it they run on a sample
 *   --seed <n>    of the sample and of everything random in the tests
 */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { coverageTable, type CoverageSummary } from './coverage';
import { readOptions } from './options';
import { planOf } from './plan';
import { readAllowedSkips } from './skips';
import { slowestTable, specsOf, type Took } from './slowest';
import { runStep, type Step } from './step';
import { sumTallies, totalLine, type Tally } from './tally';

/** Spec files that are named at the end, for whoever wants to make the run shorter. */
const SLOWEST = 10;

async function main(): Promise<number> {
  const { full, seed } = readOptions(process.argv.slice(2), process.env);
  const root = join(__dirname, '../../..');
  const reports = join(root, 'tmp/ci');
  mkdirSync(reports, { recursive: true });
  // Only what this run proves may end up in the support matrix.
  rmSync(join(root, 'tmp/matrix'), { recursive: true, force: true });
  const options = {
    cwd: root,
    env: {
      ...process.env,
      // Tests read what programs print; with either variable alone some of them would print colours.
      NO_COLOR: '1',
      FORCE_COLOR: '0',
      // A daemon would outlive the run.
      NX_DAEMON: 'false',
      MLTERRA_TEST_SEED: String(seed),
      ...(full ? { MLTERRA_TEST_FULL: '1' } : {}),
    },
    allowedSkips: readAllowedSkips(join(root, 'tools/ci/skips.json')),
    // A step that takes longer hangs.
    limitMinutes: full ? 240 : 60,
  };
  console.log(`seed ${seed}, ${full ? 'all tests' : 'long tests on a sample'}`);

  const took: Took[] = [];
  const run = async (step: Step): Promise<Tally> => {
    console.log(`\n> ${step.name}${step.log === undefined ? '' : ', beside the others'}`);
    const start = Date.now();
    const tally = await runStep(step, options);
    if (step.log !== undefined) console.log(`\n${readFileSync(step.log, 'utf8')}`);
    const seconds = (Date.now() - start) / 1000;
    took.push({ name: step.name, seconds });
    console.log(`${step.name}: ${totalLine(tally)}, ${seconds.toFixed(1)} s`);
    return tally;
  };
  const runRow = async (steps: readonly Step[]): Promise<Tally> => {
    const tallies: Tally[] = [];
    for (const step of steps) tallies.push(await run(step));
    return sumTallies(tallies);
  };
  const { first, rows, last } = planOf(root, reports, { full, seed });
  const tallies = [await runRow(first), ...(await Promise.all(rows.map(runRow)))];
  tallies.push(await run(last));

  const total = sumTallies(tallies);
  const coverage = join(reports, 'coverage-summary.json');
  if (full && existsSync(coverage)) {
    console.log(`\n${coverageTable(JSON.parse(readFileSync(coverage, 'utf8')) as CoverageSummary, root)}`);
  }
  console.log(`\nsteps:\n${slowestTable(took, took.length)}`);
  console.log(`\nslowest spec files:\n${slowestTable(specsOf(rows.flat(), root), SLOWEST)}`);
  if (total.skipped.length > 0) console.log(`\nskipped, with a reason:\n  ${total.skipped.join('\n  ')}`);
  if (total.failures.length > 0) console.log(`\nfailed:\n  ${total.failures.join('\n  ')}`);
  writeFileSync(join(reports, 'total.txt'), `${totalLine(total)}\n`);
  console.log(`\n${totalLine(total)}`);
  return total.failed === 0 ? 0 : 1;
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: Error) => {
    console.error(error.message);
    process.exitCode = 1;
  },
);
