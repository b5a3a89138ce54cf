import { wayNames, type Cell, type Matrix, type MatrixLevel } from './cell';

/** How a tool runs on a provider: not at all, on machines one looks after, on a platform that looks after itself, or both. */
export type MatrixState = 'none' | 'IaaS' | 'PaaS' | 'both';

/** One tool on one provider, over both ways. */
export interface StateOfTool {
  readonly tool: string;
  readonly provider: string;
  readonly state: MatrixState;
  /** What proved it, by the way; only ways that are proved. */
  readonly proofs: Readonly<Partial<Record<'IaaS' | 'PaaS', readonly MatrixLevel[]>>>;
  /** Why it runs no other way, a line each. @default - it runs both ways, or nobody asked */
  readonly reasons?: readonly string[];
}

/** The matrix by tool and provider; a way counts only where a test proved it. */
export function matrixStates({ cells }: Matrix): readonly StateOfTool[] {
  const keys = [...new Set(cells.map(({ tool, provider }) => `${tool}\n${provider}`))].sort();
  return keys.map((key) => {
    const [tool = '', provider = ''] = key.split('\n');
    return stateOf(cells.filter((cell) => cell.tool === tool && cell.provider === provider));
  });
}

/** @param cells of one tool on one provider */
function stateOf(cells: readonly Cell[]): StateOfTool {
  const { tool, provider } = cells[0]!;
  const proofs = Object.fromEntries(
    cells.flatMap((cell) =>
      'proofs' in cell && cell.proofs.length > 0
        ? [[wayNames[cell.way], cell.proofs.map(({ level }) => level)] as const]
        : [],
    ),
  );
  const reasons = cells.flatMap((cell) => ('empty' in cell ? [`${wayNames[cell.way]}: ${cell.empty}`] : []));
  const ways = Object.keys(proofs) as ('IaaS' | 'PaaS')[];
  return {
    tool,
    provider,
    state: ways.length > 1 ? 'both' : (ways[0] ?? 'none'),
    proofs,
    ...(reasons.length > 0 ? { reasons } : {}),
  };
}
