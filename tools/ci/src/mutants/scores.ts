import { dirname, posix } from 'node:path';

/** The part of a report in the schema of mutation-testing-elements that is counted. */
export interface MutationReport {
  readonly files: Readonly<
    Record<string, { readonly source: string; readonly mutants: readonly MutantResult[] }>
  >;
}

export interface MutantResult {
  readonly mutatorName: string;
  readonly replacement?: string;
  readonly status: string;
  readonly statusReason?: string;
  readonly location: {
    readonly start: { readonly line: number; readonly column: number };
    readonly end: { readonly line: number; readonly column: number };
  };
}

/** What became of the mutants of a folder. */
export interface Score {
  readonly folder: string;
  /** Mutants that a spec noticed, those that made it hang included. */
  readonly killed: number;
  /** Mutants that count: those that were not ignored by a comment and could be loaded. */
  readonly mutants: number;
}

const KILLED = ['Killed', 'Timeout'];
const ALIVE = ['Survived', 'NoCoverage'];

/** The score of every folder of a package, then that of all. */
export function scoresOf({ files }: MutationReport, packageFolder: string): readonly Score[] {
  const folders = new Map<string, { killed: number; mutants: number }>();
  const all = { killed: 0, mutants: 0 };
  for (const [file, { mutants }] of Object.entries(files)) {
    const folder = posix.relative(`${packageFolder}/src`, dirname(file)) || '.';
    const score = folders.get(folder) ?? { killed: 0, mutants: 0 };
    folders.set(folder, score);
    for (const { status } of mutants) {
      for (const sum of [score, all]) {
        if (KILLED.includes(status)) sum.killed += 1;
        if (KILLED.includes(status) || ALIVE.includes(status)) sum.mutants += 1;
      }
    }
  }
  return [
    ...[...folders]
      .filter(([, { mutants }]) => mutants > 0)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([folder, score]) => ({ folder: posix.join(packageFolder, 'src', folder), ...score })),
    { folder: packageFolder, ...all },
  ];
}

/** Percent; a folder without mutants has all of them. */
export function percentOf({ killed, mutants }: Score): number {
  return mutants === 0 ? 100 : (100 * killed) / mutants;
}

/** Renders scores, a line each. */
export function scoreTable(scores: readonly Score[]): string {
  const width = Math.max(...scores.map(({ folder }) => folder.length), 10);
  return [
    `${'mutants of'.padEnd(width)}${'all'.padStart(7)}${'killed'.padStart(8)}${'score'.padStart(9)}`,
    ...scores.map(
      (score) =>
        `${score.folder.padEnd(width)}${String(score.mutants).padStart(7)}${String(score.killed).padStart(8)}${`${percentOf(score).toFixed(1)} %`.padStart(9)}`,
    ),
  ].join('\n');
}

/** The mutants that no spec noticed, a line each: where, what was there, what was put there instead. */
export function survivorsOf({ files }: MutationReport): readonly string[] {
  return Object.entries(files).flatMap(([file, { source, mutants }]) => {
    const lines = source.split('\n');
    return mutants
      .filter(({ status }) => ALIVE.includes(status))
      .sort((one, other) => one.location.start.line - other.location.start.line)
      .map(({ status, mutatorName, replacement = '', location: { start, end } }) => {
        const line = lines[start.line - 1] ?? '';
        const was =
          start.line === end.line
            ? line.slice(start.column - 1, end.column - 1)
            : `${line.slice(start.column - 1)} …`;
        const place = `${file}:${start.line}:${start.column}`;
        return `${place} ${status === 'NoCoverage' ? 'not run' : 'survived'} ${mutatorName}: ${shortened(was)} -> ${shortened(replacement)}`;
      });
  });
}

function shortened(code: string): string {
  const line = code.replace(/\s+/g, ' ');
  return line.length > 100 ? `${line.slice(0, 99)}…` : line;
}
