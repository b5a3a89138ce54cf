import { percentOf, scoresOf, scoreTable, survivorsOf, type MutationReport } from './scores';

const mutant = (status: string, line = 1, statusReason?: string) => ({
  mutatorName: 'BooleanLiteral',
  replacement: 'false',
  status,
  location: { start: { line, column: 11 }, end: { line, column: 15 } },
  ...(statusReason === undefined ? {} : { statusReason }),
});

const report: MutationReport = {
  files: {
    'packages/x/src/a.ts': {
      source: 'const a = true;\nconst b = true;\n',
      mutants: [mutant('Survived', 2), mutant('Killed')],
    },
    'packages/x/src/run/b.ts': {
      source: 'const a = true;\n',
      mutants: [
        mutant('Timeout'),
        mutant('NoCoverage'),
        mutant('RuntimeError'),
        mutant('Ignored', 1, 'same'),
      ],
    },
    'packages/x/src/run/c.ts': { source: '', mutants: [mutant('Killed')] },
    'packages/x/src/types/d.ts': { source: '', mutants: [] },
  },
};

describe('scores of mutants', () => {
  it('counts by folder what was noticed and what was not, and nothing else', () => {
    expect(scoresOf(report, 'packages/x')).toEqual([
      { folder: 'packages/x/src', killed: 1, mutants: 2 },
      { folder: 'packages/x/src/run', killed: 2, mutants: 3 },
      { folder: 'packages/x', killed: 3, mutants: 5 },
    ]);
  });

  it('is all of nothing', () => {
    expect(percentOf({ folder: 'x', killed: 0, mutants: 0 })).toBe(100);
    expect(percentOf({ folder: 'x', killed: 1, mutants: 8 })).toBe(12.5);
  });

  it('is a table', () => {
    expect(scoreTable([{ folder: 'packages/x', killed: 2, mutants: 3 }])).toMatchInlineSnapshot(`
      "mutants of    all  killed    score
      packages/x      3       2   66.7 %"
    `);
  });

  it('shows what no spec noticed, in the order of the file', () => {
    expect(survivorsOf(report)).toEqual([
      'packages/x/src/a.ts:2:11 survived BooleanLiteral: true -> false',
      'packages/x/src/run/b.ts:1:11 not run BooleanLiteral: true -> false',
    ]);
  });
});
