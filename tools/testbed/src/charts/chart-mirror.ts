import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { chartFailed } from '../errors';
import { buildCache } from '../go-build';
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
  const module = await downloadModule(source);
  const chart = join(work, source.version, source.name);
  cpSync(source.folder ? join(module, source.folder) : join(OWN_CHARTS, source.name), chart, {
    recursive: true,
  });
  makeWritable(chart);
  source.prepare?.(chart, module);
  const versions = ['--version', source.version, '--app-version', source.appVersion];
  await runTool(source.name, await helmBinary(), ['package', chart, ...versions, '--destination', target]);
}

/** Folder of the module in Go's cache; its content is what the hash says. */
async function downloadModule({ name, module, sum }: ChartSource): Promise<string> {
  const answer = await runTool(name, 'go', ['mod', 'download', '-json', module]);
  const { Dir, Sum } = JSON.parse(answer) as { Dir: string; Sum: string };
  if (Sum !== sum) throw chartFailed(name, `${module} has the hash ${Sum}, not ${sum}`);
  return Dir;
}

async function runTool(chart: string, command: string, args: readonly string[]): Promise<string> {
  try {
    // Outside of a module, so that none of its settings count.
    const { stdout } = await run(command, args, {
      cwd: buildCache(),
      env: { ...process.env, GOFLAGS: '', GOWORK: 'off' },
    });
    return stdout;
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    throw chartFailed(chart, `${stdout}${stderr}` || String(error));
  }
}

/** Files of a module are read-only. */
function makeWritable(folder: string): void {
  chmodSync(folder, 0o755);
  for (const name of readdirSync(folder, { recursive: true }) as string[]) {
    const path = join(folder, name);
    chmodSync(path, statSync(path).isDirectory() ? 0o755 : 0o644);
  }
}
