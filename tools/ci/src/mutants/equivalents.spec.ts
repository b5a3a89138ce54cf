import { equivalentsOf, staleEquivalentsOf } from './equivalents';
import type { MutantResult, MutationReport } from './scores';

function mutant(line: number, mutatorName: string, status = 'Ignored', statusReason?: string): MutantResult {
  return {
    mutatorName,
    status,
    ...(statusReason === undefined ? {} : { statusReason }),
    location: { start: { line, column: 7 }, end: { line, column: 9 } },
  };
}

function report(source: readonly string[], ...mutants: readonly MutantResult[]): MutationReport {
  return { files: { 'packages/x/src/a.ts': { source: source.join('\n'), mutants } } };
}

const COMMENT = '  // Stryker disable next-line EqualityOperator: both are equal when there is one';

describe('equivalentsOf', () => {
  it('names the mutants that a comment is about, with its reason', () => {
    expect(
      equivalentsOf(
        report(
          [COMMENT, '  if (a >= b) {'],
          mutant(2, 'EqualityOperator', 'Ignored', 'both are equal when there is one'),
          mutant(2, 'ConditionalExpression', 'Killed', 'noticed'),
          mutant(2, 'BlockStatement', 'Ignored'),
        ),
      ),
    ).toEqual(['packages/x/src/a.ts:2:7 EqualityOperator: both are equal when there is one']);
  });
});

describe('staleEquivalentsOf', () => {
  it('has nothing to say of a comment above its mutant, with other comments between them', () => {
    const source = ['const a = 1;', COMMENT, '', '  // why', '  if (a >= b) {'];
    expect(staleEquivalentsOf(report(source, mutant(5, 'EqualityOperator')))).toEqual([]);
    expect(staleEquivalentsOf(report(['// Stryker is a tool', '// A tool: Stryker disable']))).toEqual([]);
  });

  it.each<[string, MutantResult | undefined]>([
    ['has no mutants', undefined],
    ['has others only', mutant(2, 'ConditionalExpression')],
    ['has one that counts', mutant(2, 'EqualityOperator', 'Killed')],
    ['is not the one with the mutant', mutant(3, 'EqualityOperator')],
  ])('reports a comment whose line %s', (_, found) => {
    const source = [COMMENT, '  if (a >= b) {', '  if (a >= c) {'];
    expect(staleEquivalentsOf(report(source, ...(found === undefined ? [] : [found])))).toEqual([
      'packages/x/src/a.ts:1 names EqualityOperator, and the line below it has no such mutant',
    ]);
  });

  it('reports each of several mutators for itself', () => {
    const source = ['// Stryker disable next-line EqualityOperator, StringLiteral: same', "if (a >= 'b') {"];
    expect(staleEquivalentsOf(report(source, mutant(2, 'EqualityOperator')))).toEqual([
      'packages/x/src/a.ts:1 names StringLiteral, and the line below it has no such mutant',
    ]);
  });

  it.each([
    ['// Stryker disable next-line EqualityOperator', 'gives no reason'],
    ['// Stryker disable next-line EqualityOperator: ', 'gives no reason'],
    ['// Stryker disable EqualityOperator: all of it', 'is for more than a line'],
    ['// Stryker restore all', 'is for more than a line'],
  ])('reports the comment %j', (comment, problem) => {
    expect(staleEquivalentsOf(report([comment, 'if (a >= b) {'], mutant(2, 'EqualityOperator')))).toEqual([
      `packages/x/src/a.ts:1 ${problem}`,
    ]);
  });
});
