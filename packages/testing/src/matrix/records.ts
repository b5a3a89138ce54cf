import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CellRecord } from './cell';
import { recordInvalid } from './errors';

/** Folder of the records, below the root of the workspace. */
export const RECORDS_FOLDER = 'tmp/matrix';

/** Leaves what a test proved, or that it failed, behind, for `mlterra matrix`. */
export function writeRecord(workspaceRoot: string, record: CellRecord): void {
  const folder = join(workspaceRoot, RECORDS_FOLDER);
  mkdirSync(folder, { recursive: true });
  const { tool, provider, way } = record;
  const file = join(folder, `${tool}.${provider}.${way}.${kindOf(record)}.json`);
  // Two tests may prove one cell at once, and a reader must never see half a file.
  const unfinished = `${file}.${process.pid}`;
  writeFileSync(unfinished, `${JSON.stringify(record, null, 2)}\n`);
  renameSync(unfinished, file);
}

/** Called before a test proves again what it may have proved in an earlier run: if it fails, nothing stays proved. */
export function removeRecords(workspaceRoot: string, matches: (record: CellRecord) => boolean): void {
  for (const file of recordFiles(workspaceRoot)) {
    // Another test may take its own away at the same moment.
    if (readRecord(file).some(matches)) rmSync(file, { force: true });
  }
}

/** Records of the tests that ran since the folder was emptied. */
export function readRecords(workspaceRoot: string): readonly CellRecord[] {
  return recordFiles(workspaceRoot).flatMap(readRecord);
}

function recordFiles(workspaceRoot: string): readonly string[] {
  const folder = join(workspaceRoot, RECORDS_FOLDER);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => join(folder, name));
}

function kindOf(record: CellRecord): string {
  if ('failed' in record) return 'failed';
  return 'level' in record ? record.level.replace(' ', '-') : 'empty';
}

/** None where the file has just gone. */
function readRecord(file: string): readonly CellRecord[] {
  try {
    return [JSON.parse(readFileSync(file, 'utf8')) as CellRecord];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw recordInvalid(file, error);
  }
}
