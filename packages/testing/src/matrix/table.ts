import { wayNames, type Matrix } from './cell';
import { matrixStates, type StateOfTool } from './states';

/** The matrix as a Markdown table, tools down and providers across, as Prettier formats one. */
export function matrixTable(matrix: Matrix): string {
  const { cells } = matrix;
  const states = matrixStates(matrix);
  const providers = [...new Set(cells.map(({ provider }) => provider))].sort();
  const tools = [...new Set(cells.map(({ tool }) => tool))].sort();
  const rows = [
    ['tool', ...providers],
    ...tools.map((tool) => [
      tool,
      ...providers.map((provider) =>
        cellText(states.find((each) => each.tool === tool && each.provider === provider)),
      ),
    ]),
  ];
  const widths = rows[0]!.map((_, column) => Math.max(3, ...rows.map((row) => row[column]!.length)));
  const line = (row: readonly string[]): string =>
    `| ${row.map((text, column) => text.padEnd(widths[column]!)).join(' | ')} |`;
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  return [line(rows[0]!), rule, ...rows.slice(1).map(line)].join('\n');
}

/** `none`, `IaaS: rehearsed`, `PaaS: …` or `both: …`. */
function cellText(found: StateOfTool | undefined): string {
  if (found === undefined || found.state === 'none') return 'none';
  const { state, proofs } = found;
  if (state !== 'both') return `${state}: ${proofs[state]!.join(', ')}`;
  return `both: IaaS ${proofs.IaaS!.join(', ')}; PaaS ${proofs.PaaS!.join(', ')}`;
}

/** Why cells are empty, a line each. */
export function emptyReasons({ cells }: Matrix): readonly string[] {
  return cells.flatMap((cell) =>
    'empty' in cell ? [`${cell.tool} on ${cell.provider} (${wayNames[cell.way]}): ${cell.empty}`] : [],
  );
}
