import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { CellRecord } from './cell';
import { recordInvalid } from './errors';

/** Folder of the records, below the root of the workspace. */
export const RECORDS_FOLDER = 'tmp/matrix';

/** Leaves what a test proved behind, for `mlterra matrix`. */
export function writeRecord(workspaceRoot: string, record: CellRecord): void {
  const folder = join(workspaceRoot, RECORDS_FOLDER);
  mkdirSync(folder, { recursive: true });
  const { tool, provider, way } = record;
  const level = 'level' in record ? record.level.replace(' ', '-') : 'empty';
  const file = join(folder, `${tool}.${provider}.${way}.${level}.json`);
  // Two tests may prove one cell at once, and a reader must never see half a file.
  const unfinished = `${file}.${process.pid}`;
  writeFileSync(unfinished, `${JSON.stringify(record, null, 2)}\n`);
  renameSync(unfinished, file);
}

/** Records of the tests that ran since the folder was emptied. */
export function readRecords(workspaceRoot: string): readonly CellRecord[] {
  const folder = join(workspaceRoot, RECORDS_FOLDER);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => readRecord(join(folder, name)));
}

function readRecord(file: string): CellRecord {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as CellRecord;
  } catch (error) {
    throw recordInvalid(file, error);
  }
}

/** The root of the workspace that a folder is in, by its `nx.json`. */
export function workspaceRootOf(folder: string): string | undefined {
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, 'nx.json'))) return at;
    if (dirname(at) === at) return undefined;
  }
}
