import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CellRecord, Matrix } from './cell';
import { markersMissing, matrixInvalid, matrixMissing, matrixStale, noRecords, testsFailed } from './errors';
import { compareRecords, failedCells, mergeRecords } from './merge';
import { readRecords, RECORDS_FOLDER } from './records';
import { matrixTable } from './table';

const MATRIX_FILE = 'docs/matrix.json';
const README = 'README.md';
const START = '<!-- matrix:start -->';
const END = '<!-- matrix:end -->';

/** The committed matrix. */
export function readMatrix(workspaceRoot: string): Matrix {
  const file = join(workspaceRoot, MATRIX_FILE);
  if (!existsSync(file)) throw matrixMissing(file);
  return parsed(file);
}

export interface WriteMatrixOptions {
  /** Take away the cells that no test of the last run was about. @default false */
  readonly prune?: boolean;
}

/** Writes what the last tests proved into the committed matrix and into the table of the README. */
export function writeMatrix(workspaceRoot: string, options: WriteMatrixOptions = {}): Matrix {
  const records = recordsOfRun(workspaceRoot);
  const failures = failedCells(records);
  if (failures.length > 0) throw testsFailed(failures);
  const file = join(workspaceRoot, MATRIX_FILE);
  const matrix = mergeRecords(existsSync(file) ? parsed(file) : { cells: [] }, records, options);
  const readme = withTable(workspaceRoot, matrix);
  writeFileSync(file, `${JSON.stringify(matrix, null, 2)}\n`);
  writeFileSync(join(workspaceRoot, README), readme);
  return matrix;
}

/** Throws unless the committed matrix, and the README, say what all tests of a whole run proved. */
export function checkMatrix(workspaceRoot: string): Matrix {
  const matrix = readMatrix(workspaceRoot);
  const problems = [...compareRecords(matrix, recordsOfRun(workspaceRoot))];
  if (withTable(workspaceRoot, matrix) !== readFileSync(join(workspaceRoot, README), 'utf8')) {
    problems.push(`${README}: its table is not that of ${MATRIX_FILE}`);
  }
  if (problems.length > 0) throw matrixStale(problems);
  return matrix;
}

function recordsOfRun(workspaceRoot: string): readonly CellRecord[] {
  const records = readRecords(workspaceRoot);
  if (records.length === 0) throw noRecords(join(workspaceRoot, RECORDS_FOLDER));
  return records;
}

function parsed(file: string): Matrix {
  try {
    const matrix = JSON.parse(readFileSync(file, 'utf8')) as Matrix;
    if (!Array.isArray(matrix.cells)) throw new TypeError('no list of cells');
    return matrix;
  } catch (error) {
    throw matrixInvalid(file, error);
  }
}

/** The README with the table of a matrix between its markers. */
function withTable(workspaceRoot: string, matrix: Matrix): string {
  const file = join(workspaceRoot, README);
  const text = readFileSync(file, 'utf8');
  const start = text.indexOf(START);
  const end = text.indexOf(END);
  if (start < 0 || end < start) throw markersMissing(file);
  return `${text.slice(0, start + START.length)}\n\n${matrixTable(matrix)}\n\n${text.slice(end)}`;
}
