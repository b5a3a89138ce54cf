import { dirname, relative, sep } from 'node:path';

/** Jest's `coverage-summary.json`, by file. */
export type CoverageSummary = Readonly<
  Record<string, Readonly<Record<'lines' | 'branches', { readonly total: number; readonly covered: number }>>>
>;

/** Renders covered lines and branches of every package, as Jest's own processes saw them. */
export function coverageTable(summary: CoverageSummary, root: string): string {
  const packages = new Map<string, { lines: Ratio; branches: Ratio }>();
  for (const [file, { lines, branches }] of Object.entries(summary)) {
    if (file === 'total') continue;
    const [folder, inSources] = relative(root, file).split(`${sep}src${sep}`) as [string, string?];
    const name = (inSources === undefined ? dirname(folder) : folder).split(sep).join('/');
    const sums = packages.get(name) ?? { lines: new Ratio(), branches: new Ratio() };
    sums.lines.add(lines);
    sums.branches.add(branches);
    packages.set(name, sums);
  }
  const rows = [...packages]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, { lines, branches }]) => [name, lines.toString(), branches.toString()] as const);
  return [['coverage of', 'lines', 'branches'] as const, ...rows]
    .map(([name, lines, branches]) => `${name.padEnd(28)}${lines.padStart(8)}${branches.padStart(10)}`)
    .join('\n');
}

class Ratio {
  private covered = 0;
  private total = 0;

  public add({ covered, total }: { readonly covered: number; readonly total: number }): void {
    this.covered += covered;
    this.total += total;
  }

  public toString(): string {
    return this.total === 0 ? '-' : `${((100 * this.covered) / this.total).toFixed(1)} %`;
  }
}
