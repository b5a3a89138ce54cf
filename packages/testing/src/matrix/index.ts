export {
  cellName,
  matrixLevels,
  type Cell,
  type CellKey,
  type CellRecord,
  type Failure,
  type Matrix,
  type MatrixLevel,
  type Proof,
} from './cell';
export { checkMatrix, readMatrix, writeMatrix, type WriteMatrixOptions } from './matrix-files';
export { RECORDS_FOLDER, removeRecords, writeRecord } from './records';
export { matrixStates, type MatrixState, type StateOfTool } from './states';
export { emptyReasons, matrixTable } from './table';
