import {
  cellName,
  matrixLevels,
  sameCell,
  type Cell,
  type CellKey,
  type CellRecord,
  type Matrix,
  type Proof,
} from './cell';

/**
 * The matrix with what tests proved. Cells of which no test ran stay as they are, unless `prune` takes them away.
 */
export function mergeRecords(
  matrix: Matrix,
  records: readonly CellRecord[],
  { prune = false }: { readonly prune?: boolean } = {},
): Matrix {
  const proved = cellsOf(records);
  const kept = prune
    ? []
    : matrix.cells.flatMap((cell): readonly Cell[] => {
        const now = proved.find((other) => sameCell(other, cell));
        if (now === undefined) return [cell];
        if (!('proofs' in now) || !('proofs' in cell)) return [];
        // Proofs of other levels come from tests that did not run this time.
        const others = cell.proofs.filter(({ level }) => !now.proofs.some((proof) => proof.level === level));
        return [withProofs(now, [...now.proofs, ...others])];
      });
  return {
    cells: [...kept, ...proved.filter((cell) => !kept.some((other) => sameCell(other, cell)))].sort(order),
  };
}

/** What a matrix says and the tests of a whole run did not prove, and the other way round; a line each. */
export function compareRecords(matrix: Matrix, records: readonly CellRecord[]): readonly string[] {
  const failures = failedCells(records);
  // Of a cell whose test failed nothing else is said.
  const whole = (cell: CellKey): boolean => !records.some((each) => 'failed' in each && sameCell(each, cell));
  const proved = cellsOf(records).filter(whole);
  return [
    ...failures,
    ...matrix.cells.filter(whole).flatMap((cell) => {
      const name = cellName(cell);
      const now = proved.find((other) => sameCell(other, cell));
      if (now === undefined) return [`${name}: no test of this run was about it`];
      if ('empty' in cell) return 'empty' in now ? differingReasons(name, cell.empty, now.empty) : [];
      if ('empty' in now) return [`${name}: ticked, but ${now.empty}`];
      return cell.proofs.flatMap(({ level, checks }) => {
        const proof = now.proofs.find((other) => other.level === level);
        if (proof === undefined) return [`${name}: ticked as ${level}, but no test of this run proved it`];
        const gone = checks.filter((check) => !proof.checks.includes(check));
        const added = proof.checks.filter((check) => !checks.includes(check));
        return [
          ...(gone.length > 0 ? [`${name}: ${level}, but these checks did not run: ${gone.join(', ')}`] : []),
          ...(added.length > 0 ? [`${name}: ${level} by more checks than it says: ${added.join(', ')}`] : []),
        ];
      });
    }),
    ...proved.flatMap((cell) => {
      const said = matrix.cells.find((other) => sameCell(other, cell));
      if ('empty' in cell)
        return said === undefined ? [`${cellName(cell)}: not in the matrix, not even as empty`] : [];
      return cell.proofs
        .filter(
          ({ level }) =>
            said === undefined || !('proofs' in said) || !said.proofs.some((proof) => proof.level === level),
        )
        .map(({ level }) => `${cellName(cell)}: proved as ${level}, but not ticked`);
    }),
  ];
}

/** The cells whose tests ran and failed, a line each. */
export function failedCells(records: readonly CellRecord[]): readonly string[] {
  return records.flatMap((record) =>
    'failed' in record ? [`${cellName(record)}: its test failed: ${record.failed.join(', ')}`] : [],
  );
}

function differingReasons(name: string, said: string, now: string): readonly string[] {
  return said === now ? [] : [`${name}: empty because ${now}, not because ${said}`];
}

function cellsOf(records: readonly CellRecord[]): readonly Cell[] {
  const cells: Cell[] = [];
  for (const record of records) {
    const { tool, provider, way } = record;
    if ('failed' in record) continue;
    if (cells.some((cell) => sameCell(cell, record))) continue;
    const same = records.filter((other) => sameCell(other, record));
    const proofs = same.flatMap((other) =>
      'level' in other ? [{ level: other.level, checks: other.checks }] : [],
    );
    const reason = same.flatMap((other) => ('empty' in other ? [other.empty] : []))[0];
    // A test that proves a cell knows better than one that leaves it out.
    cells.push(
      proofs.length > 0
        ? withProofs({ tool, provider, way }, proofs)
        : { tool, provider, way, empty: reason ?? 'nobody tried' },
    );
  }
  return cells.sort(order);
}

function withProofs({ tool, provider, way }: CellKey, proofs: readonly Proof[]): Cell {
  return {
    tool,
    provider,
    way,
    proofs: proofs
      .map(({ level, checks }) => ({ level, checks: [...checks].sort() }))
      .sort((a, b) => matrixLevels.indexOf(a.level) - matrixLevels.indexOf(b.level)),
  };
}

function order(a: CellKey, b: CellKey): number {
  const key = ({ tool, provider, way }: CellKey): string => `${tool}\n${provider}\n${way}`;
  return key(a) < key(b) ? -1 : 1;
}
