/*
 * Changes the sources of packages in small ways, one at a time, and looks whether their specs notice.
 *   npm run test:mutants -- [package] [--mutate <glob>]… [--since <commit>] [--slow]
 *     [--packages <n>] [--sample <n>] [--seed <n>] [--concurrency <n>]
 * Ends with 1 when a package is below its threshold in tools/ci/mutants.json, or a comment calls a mutant equivalent that is not
 * there; a sample is only reported.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chosen } from './chosen';
import { equivalentsOf, staleEquivalentsOf } from './equivalents';
import { readMutantOptions, type MutantOptions } from './options';
import { sampleOf } from './sample';
import { percentOf, scoresOf, scoreTable, survivorsOf, type MutationReport, type Score } from './scores';
import { findPackage, packagesOf, readSettings, type MutatedPackage } from './settings';
import { slowSpecs } from './slow-specs';
import { sourcesOf } from './sources';
import { strykerConfig } from './stryker-config';

const ROOT = join(__dirname, '../../../..');
const REPORTS = 'tmp/mutants';

/** Resolves to the report; undefined when no source was asked for. */
async function mutate(
  { folder }: MutatedPackage,
  options: MutantOptions,
  slow: readonly string[],
): Promise<MutationReport | undefined> {
  const files = sourcesOf(ROOT, folder, options);
  if (files.length === 0) return undefined;
  const places =
    options.sample === undefined
      ? files
      : await sampleOf(ROOT, files, { size: options.sample, seed: options.seed });
  const name = folder.replaceAll('/', '-');
  const report = `${REPORTS}/${name}.json`;
  const config = `${REPORTS}/${name}.config.json`;
  rmSync(join(ROOT, report), { force: true });
  writeFileSync(
    join(ROOT, config),
    JSON.stringify(
      strykerConfig({
        root: ROOT,
        folder,
        mutate: places,
        without: options.slow ? [] : slowSpecs(join(ROOT, folder), slow),
        report,
        copies: `${REPORTS}/copies-of-${name}`,
        ...(options.sample === undefined && !options.slow
          ? { incremental: `${REPORTS}/${name}.incremental.json` }
          : {}),
        concurrency: options.concurrency,
      }),
      undefined,
      2,
    ),
  );
  spawnSync(
    process.execPath,
    [join(ROOT, 'node_modules/@stryker-mutator/core/bin/stryker.js'), 'run', config],
    {
      cwd: ROOT,
      // Of long tests, the sample.
      env: { ...process.env, MLTERRA_TEST_FULL: undefined },
      stdio: ['ignore', 'inherit', 'inherit'],
    },
  );
  if (!existsSync(join(ROOT, report))) throw new Error(`${folder}: Stryker ended without a report.`);
  return JSON.parse(readFileSync(join(ROOT, report), 'utf8')) as MutationReport;
}

async function main(): Promise<number> {
  const options = readMutantOptions(process.argv.slice(2));
  const settings = readSettings(ROOT);
  const packages =
    options.package === undefined
      ? chosen(packagesOf(ROOT, settings), options.packages ?? Infinity, options.seed)
      : [findPackage(ROOT, settings, options.package)];
  mkdirSync(join(ROOT, REPORTS), { recursive: true });
  const totals: Score[] = [];
  const missed: string[] = [];
  for (const one of packages) {
    const report = await mutate(one, options, settings.slow);
    if (report === undefined) continue;
    const scores = scoresOf(report, one.folder);
    const total = scores.at(-1)!;
    totals.push(total);
    const equivalents = equivalentsOf(report);
    // A sample has not all the mutants that comments are about.
    const stale = options.sample === undefined ? staleEquivalentsOf(report) : [];
    missed.push(...stale.map((line) => `${line}: remove the comment, or correct it`));
    const text = [
      scoreTable(scores),
      ...['', 'no spec noticed:', ...survivorsOf(report)],
      ...(equivalents.length > 0 ? ['', 'equivalent:', ...equivalents] : []),
      '',
    ].join('\n');
    writeFileSync(join(ROOT, REPORTS, `${one.folder.replaceAll('/', '-')}.txt`), text);
    if (packages.length === 1) console.log(text);
    const { threshold = 0 } = one;
    if (options.sample === undefined && percentOf(total) < threshold) {
      missed.push(`${one.folder}: ${percentOf(total).toFixed(1)} % of ${threshold} %`);
    }
  }
  if (packages.length > 1) console.log(scoreTable(totals));
  if (missed.length > 0)
    console.log(`\nbelow the threshold, or not equivalent as a comment says:\n  ${missed.join('\n  ')}`);
  console.log(`\nWhat was not noticed is listed in ${REPORTS}/<package>.txt.`);
  return missed.length === 0 ? 0 : 1;
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
