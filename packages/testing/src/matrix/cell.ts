import type { Way } from '../contracts/recipe';

/** How true the proof of a cell is, from the weakest to the strongest. */
export const matrixLevels = ['rehearsed', 'hybrid', 'real provider', 'real server'] as const;

export type MatrixLevel = (typeof matrixLevels)[number];

/** One tool on one provider, one way. */
export interface CellKey {
  readonly tool: string;
  readonly provider: string;
  readonly way: Way;
}

/** What one test proved of a cell. */
export interface Proof {
  readonly level: MatrixLevel;
  /** Identifiers of the checks that ran and found nothing wrong. */
  readonly checks: readonly string[];
}

/** A test leaves one behind for every cell that it is about. */
export type CellRecord = CellKey & (Proof | { readonly empty: string } | Failure);

/** What a test that failed leaves behind: the checks that found something wrong. */
export interface Failure {
  readonly failed: readonly string[];
}

/** A cell of the matrix: proved, or empty for a reason. */
export type Cell = CellKey & ({ readonly proofs: readonly Proof[] } | { readonly empty: string });

export interface Matrix {
  readonly cells: readonly Cell[];
}

export function sameCell(a: CellKey, b: CellKey): boolean {
  return a.tool === b.tool && a.provider === b.provider && a.way === b.way;
}

/** A cell as people read it, e.g. `mlflow on gcp (PaaS)`. */
export function cellName({ tool, provider, way }: CellKey): string {
  return `${tool} on ${provider} (${wayNames[way]})`;
}

export const wayNames = { iaas: 'IaaS', paas: 'PaaS' } as const satisfies Record<Way, string>;
