import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { chartFailed } from '../errors';
import { buildCache } from '../go-build';
import { copyWritable, goModule } from '../go-module';
import { helmBinary } from '../helm';
import { moduleKey } from '../module-key';
import { CHART_SOURCES, type ChartSource } from './sources';

const run = promisify(execFile);

/** Raised when charts are prepared in another way. */
const RECIPE = 1;

const OWN_CHARTS = join(__dirname, '..', '..', 'charts');

/** Name and version of every chart of the mirror. */
export const CHARTS: readonly Pick<ChartSource, 'name' | 'version' | 'appVersion'>[] = CHART_SOURCES;

/** The folder of `chartMirror()`, made or not. */
export function chartMirrorPath(): string {
  const parts = [RECIPE, CHART_SOURCES, moduleKey(OWN_CHARTS)];
  return join(
    buildCache(),
    'charts',
    createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 12),
  );
}

export function isChartMirrorMade(): boolean {
  return existsSync(chartMirrorPath());
}

/**
 * Path of a folder with the upstream charts of `CHARTS`, as `<name>-<version>.tgz`; made on first use from their
 * projects' Go modules, in some seconds, and kept outside of the checkout.
 */
export async function chartMirror(): Promise<string> {
  const folder = chartMirrorPath();
  if (existsSync(folder)) return folder;
  mkdirSync(join(folder, '..'), { recursive: true });
  const work = mkdtempSync(`${folder}.`);
  try {
    const charts = join(work, 'charts');
    for (const source of CHART_SOURCES) await packageChart(source, join(work, 'source'), charts);
    renameSync(charts, folder);
  } catch (error) {
    // Another process was faster, with the same charts.
    if (!existsSync(folder)) throw error;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return folder;
}

async function packageChart(source: ChartSource, work: string, target: string): Promise<void> {
  const module = await goModule(source.source);
  const chart = join(work, source.version, source.name);
  copyWritable(source.folder ? join(module, source.folder) : join(OWN_CHARTS, source.name), chart);
  source.prepare?.(chart, module);
  const versions = ['--version', source.version, '--app-version', source.appVersion];
  try {
    await run(await helmBinary(), ['package', chart, ...versions, '--destination', target]);
  } catch (error) {
    throw chartFailed(source.name, (error as { stderr?: string }).stderr || String(error));
  }
}
