import { wayNames, type Cell, type Matrix } from './cell';

/** The matrix as a Markdown table, tools down and providers across, as Prettier formats one. */
export function matrixTable({ cells }: Matrix): string {
  const providers = [...new Set(cells.map(({ provider }) => provider))].sort();
  const tools = [...new Set(cells.map(({ tool }) => tool))].sort();
  const rows = [
    ['tool', ...providers],
    ...tools.map((tool) => [
      tool,
      ...providers.map((provider) =>
        cellText(cells.filter((cell) => cell.tool === tool && cell.provider === provider)),
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
function cellText(cells: readonly Cell[]): string {
  const proved = cells.flatMap((cell) =>
    'proofs' in cell
      ? [{ way: wayNames[cell.way], levels: cell.proofs.map(({ level }) => level).join(', ') }]
      : [],
  );
  const [first, second] = proved;
  if (first === undefined) return 'none';
  if (second === undefined) return `${first.way}: ${first.levels}`;
  return `both: ${proved.map(({ way, levels }) => `${way} ${levels}`).join('; ')}`;
}

/** Why cells are empty, a line each. */
export function emptyReasons({ cells }: Matrix): readonly string[] {
  return cells.flatMap((cell) =>
    'empty' in cell ? [`${cell.tool} on ${cell.provider} (${wayNames[cell.way]}): ${cell.empty}`] : [],
  );
}
